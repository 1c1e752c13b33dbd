package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.metric.BinaryPredictions;
import cnnlab.metric.RocCurve;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How well colour identifies tumour on the real patches, if CNNLAB_DATASETS has them. */
class PurplenessOfPatchesTest {
  @Test
  void classifiesByASingleFeature() {
    String variable = System.getenv(Datasets.VARIABLE);
    assumeTrue(variable != null, "skipped: " + Datasets.VARIABLE + " is not set");
    Path folder = Path.of(variable, PatchCamelyon.NAME);
    assumeTrue(Files.isDirectory(folder), "skipped: no " + folder);
    ImageSet validation =
        PatchCamelyon.load(folder, new PatchCamelyon.Options(100, 1, PatchCamelyon.CENTRE))
            .validation();
    assumeTrue(validation.count() == 2907, "skipped: not the development data in " + folder);
    Map<Purpleness, Double> areas = new EnumMap<>(Purpleness.class);
    for (Purpleness definition : Purpleness.values()) {
      BinaryPredictions predictions =
          new BinaryPredictions(definition.means(validation), validation.labels());
      areas.put(definition, RocCurve.auc(predictions));
    }
    assertThat(areas.get(Purpleness.HAEMATOXYLIN)).isCloseTo(0.5575, within(5e-4));
    assertThat(areas.get(Purpleness.EOSIN)).isCloseTo(0.6473, within(5e-4));
    assertThat(areas.get(Purpleness.MAGENTA)).isCloseTo(0.7193, within(5e-4));
    assertThat(areas.get(Purpleness.PINKNESS)).isCloseTo(0.7646, within(5e-4));
    assertThat(areas.get(Purpleness.DARKNESS)).isCloseTo(0.5512, within(5e-4));
  }
}

package cnnlab.task3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.augment.Preprocessing;
import cnnlab.config.ConfigLoader;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.metric.RankCorrelation;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.file.ModelFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

class Task3MapsTest {
  private static final Path BEST = Path.of("results/reference/task3-best");

  @TempDir Path temp;

  private static double[] positive(float[] map) {
    return IntStream.range(0, map.length).mapToDouble(i -> Math.max(0, map[i])).toArray();
  }

  @Test
  void agreementIsTheMeanOverPatches() throws IOException {
    Path model = temp.resolve("model.zip");
    ModelFiles.save(LymphNodeCnn.create(2, new Adam(), LymphNodeCnn.DROPOUT), model);
    ImageSet set = SyntheticPatches.create(200, 3).validation();
    int[] indices = {4, 7, 11, 2, 30};
    try (Task3Maps maps = Task3Maps.of(model, 1);
        Task3Maps threads = Task3Maps.of(model, 3)) {
      assertThat(maps.layer()).isEqualTo("pool3");
      double sum = 0;
      double others = 0;
      for (int k = 0; k < indices.length; k++) {
        Task3Maps.Pair pair = maps.pair(set, indices[k]);
        assertThat(pair.occlusion()).hasSize(32 * 32);
        assertThat(pair.gradCam()).hasSize(32 * 32);
        sum += RankCorrelation.spearman(positive(pair.occlusion()), positive(pair.gradCam()));
        if (k + 1 < indices.length) {
          others +=
              RankCorrelation.spearman(
                  positive(pair.occlusion()), positive(maps.pair(set, indices[k + 1]).gradCam()));
        }
      }
      Task3Maps.Agreement agreement = maps.agreement(set, indices);
      assertThat(agreement.layer()).isEqualTo("pool3");
      assertThat(agreement.patches()).isEqualTo(5);
      assertThat(agreement.n()).isEqualTo(5);
      assertThat(agreement.mean()).isCloseTo(sum / 5, within(1e-12));
      assertThat(agreement.otherPatch()).isCloseTo(others / 4, within(1e-12));
      assertThat(agreement.ci95()[0]).isLessThan(agreement.mean());
      assertThat(threads.agreement(set, indices)).usingRecursiveComparison().isEqualTo(agreement);
    }
  }

  /** A network of zeros looks nowhere: no map has a contrast. */
  @Test
  void withoutContrastThereIsNoCorrelation() throws IOException {
    var graph = LymphNodeCnn.create(2, new Adam(), LymphNodeCnn.DROPOUT);
    graph.params().assign(0);
    Path model = temp.resolve("model.zip");
    ModelFiles.save(graph, model);
    ImageSet set = SyntheticPatches.create(200, 3).validation();
    try (Task3Maps maps = Task3Maps.of(model, 1)) {
      Task3Maps.Agreement agreement = maps.agreement(set, new int[] {0, 1});
      assertThat(agreement.patches()).isEqualTo(2);
      assertThat(agreement.n()).isZero();
      assertThat(agreement.mean()).isNull();
      assertThat(agreement.ci95()).isNull();
      assertThat(agreement.otherPatch()).isNull();
    }
  }

  /**
   * The recorded model on real patches, if CNNLAB_DATASETS has them: the number of its report and
   * of docs/task3.md.
   */
  @Test
  void onRealPatchesTheMapsAgreeAsRecorded() throws IOException {
    String variable = System.getenv(Datasets.VARIABLE);
    assumeTrue(variable != null, "skipped: " + Datasets.VARIABLE + " is not set");
    Path folder = Path.of(variable, PatchCamelyon.NAME);
    assumeTrue(Files.isDirectory(folder), "skipped: no " + folder);
    Task3Config config =
        ConfigLoader.load(
                Task3Config.class, Task3Config.DEFAULT, BEST.resolve("config.yaml"), List.of())
            .value();
    ImageSet validation =
        PatchCamelyon.load(folder, new PatchCamelyon.Options(100, 1, PatchCamelyon.CENTRE))
            .validation();
    assumeTrue(validation.count() == 2907, "skipped: not the development data in " + folder);
    JsonNode recorded =
        new ObjectMapper().readTree(BEST.resolve("result.json").toFile()).get("maps");
    try (Task3Maps maps = Task3Maps.of(BEST.resolve("model.zip"), 1)) {
      ImageSet prepared = Preprocessing.of(config.preprocessing()).apply(validation);
      Task3Maps.Agreement agreement = maps.agreement(prepared, ImageSubset.all(prepared).indices());
      assertThat(agreement.patches()).isEqualTo(Task3Maps.COMPARED);
      assertThat(agreement.layer()).isEqualTo(recorded.get("layer").asText());
      assertThat(agreement.n()).isCloseTo(recorded.get("n").asInt(), within(4));
      assertThat(agreement.mean()).isCloseTo(recorded.get("mean").asDouble(), within(0.02));
    }
  }
}

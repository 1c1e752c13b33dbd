package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.patch.PatchCamelyon.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real patches, if CNNLAB_DATASETS has them. */
class PatchCamelyonDataTest {
  private static Path datasets;

  @BeforeAll
  static void find() {
    String variable = System.getenv(Datasets.VARIABLE);
    assumeTrue(variable != null, "skipped: " + Datasets.VARIABLE + " is not set");
    datasets = Path.of(variable);
  }

  private static Path folder(String name) {
    Path folder = datasets.resolve(name);
    assumeTrue(Files.isDirectory(folder), "skipped: no " + folder);
    return folder;
  }

  @Test
  void hasTheKnownCountsOfEachClass() {
    PatchCamelyon data = PatchCamelyon.load(folder("patchcam"), Options.ALL);
    assertThat(counts(data.train())).containsExactly(10_000, 9_171);
    assertThat(counts(data.validation())).containsExactly(1_500, 1_407);
    assertThat(data.test().orElseThrow().count()).isEqualTo(2_947);
    assertThat(data.test().orElseThrow().labelled()).isFalse();
    assertThat(data.train().pixels()).hasSize(19_171 * 3072);
    assertThat(data.checksums()).containsOnlyKeys("train.h5", "valid.h5", "test_x.h5");
  }

  @Test
  void readsTheOfficialFilesAndTheirCentres() {
    PatchFiles files = PatchLayout.OFFICIAL.files(folder("pcam96"), PatchLayout.VALIDATION);
    ImageSet whole = files.read(0, 0, 96);
    ImageSet centre = files.read(0, 0, PatchCamelyon.CENTRE);
    assertThat(counts(centre)).containsExactly(122, 5);
    for (int n = 0; n < whole.count(); n++) {
      for (int y = 0; y < 32; y++) {
        int from = ((n * 96 + 32 + y) * 96 + 32) * 3;
        int to = (n * 32 + y) * 32 * 3;
        assertThat(Arrays.equals(whole.pixels(), from, from + 96, centre.pixels(), to, to + 96))
            .as("patch %d, row %d", n, y)
            .isTrue();
      }
    }
  }

  private static int[] counts(ImageSet set) {
    return IntStream.range(0, 2)
        .map(k -> (int) Arrays.stream(set.labels()).filter(label -> label == k).count())
        .toArray();
  }
}

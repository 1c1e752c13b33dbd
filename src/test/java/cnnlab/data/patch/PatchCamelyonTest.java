package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.StratifiedChoice;
import cnnlab.data.file.DataException;
import cnnlab.data.file.Hdf5Fixture;
import cnnlab.data.patch.PatchCamelyon.Options;
import cnnlab.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchCamelyonTest {
  private static final String OFFICIAL = "camelyonpatch_level_2_split_";

  @TempDir Path folder;

  @Test
  void readsTheCoursesLayout() throws IOException {
    Hdf5Fixture.course(folder, 9, 5, 4, 32);
    PatchCamelyon data = PatchCamelyon.load(folder, Options.ALL);
    assertThat(data.train().count()).isEqualTo(9);
    assertThat(data.train().labels()).containsExactly(1, 0, 0, 1, 0, 0, 1, 0, 0);
    assertThat(data.train().classes()).isEqualTo(2);
    assertThat(data.train().name()).isEqualTo("PatchCamelyon train");
    assertThat(data.validation().labels()).containsExactly(1, 0, 0, 1, 0);
    assertThat(data.train().labelled()).isTrue();
    // Row 1, column 2, channel 2 of the last patch.
    assertThat(data.train().pixels()[8 * 3072 + 96 + 6 + 2])
        .isEqualTo(Hdf5Fixture.pixel(8, 1, 2, 2));
    assertThat(data.source()).isEqualTo("PatchCamelyon, the course's layout");
    assertThat(data.checksums())
        .containsOnlyKeys("train.h5", "valid.h5", "test_x.h5")
        .containsEntry("valid.h5", Sha256.hex(Files.readAllBytes(folder.resolve("valid.h5"))));
  }

  @Test
  void theCoursesTestPatchesHaveNoLabels() throws IOException {
    Hdf5Fixture.course(folder, 9, 5, 4, 32);
    ImageSet test = PatchCamelyon.load(folder, Options.ALL).test().orElseThrow();
    assertThat(test.labels()).containsOnly(-1).hasSize(4);
    assertThat(test.labelled()).isFalse();
    assertThat(test.batch(new int[] {3}, 0, 1)).hasSize(3072);
    assertThatThrownBy(() -> test.oneHot(new int[] {2}, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("PatchCamelyon test", "image 2 has no label");
    Files.delete(folder.resolve("test_x.h5"));
    assertThat(PatchCamelyon.load(folder, Options.ALL).test()).isEmpty();
  }

  @Test
  void readsTheCentresOfTheOfficialFiles() throws IOException {
    Hdf5Fixture.official(folder, "train", 6, 96);
    Hdf5Fixture.official(folder, "valid", 3, 96);
    Hdf5Fixture.official(folder, "test", 3, 96);
    PatchCamelyon data = PatchCamelyon.load(folder, Options.ALL);
    assertThat(data.train().imageSize()).isEqualTo(3 * 32 * 32);
    assertThat(data.train().pixels()[3072]).isEqualTo(Hdf5Fixture.pixel(1, 32, 32, 0));
    assertThat(data.train().pixels()[2 * 3072 - 1]).isEqualTo(Hdf5Fixture.pixel(1, 63, 63, 2));
    assertThat(data.test().orElseThrow().labels()).containsExactly(1, 0, 0);
    assertThat(data.checksums()).hasSize(6).containsKey(OFFICIAL + "test_y.h5");
    assertThat(data.source()).isEqualTo("PatchCamelyon, the official files");
    assertThat(PatchCamelyon.load(folder, new Options(0, 0, 96)).validation().height())
        .isEqualTo(96);
  }

  @Test
  void theOfficialTestPatchesMayLackLabels() throws IOException {
    Hdf5Fixture.official(folder, "train", 3, 32);
    Hdf5Fixture.official(folder, "valid", 3, 32);
    Hdf5Fixture.official(folder, "test", 3, 32);
    Files.delete(folder.resolve(OFFICIAL + "test_y.h5"));
    ImageSet test = PatchCamelyon.load(folder, Options.ALL).test().orElseThrow();
    assertThat(test.labels()).containsExactly(-1, -1, -1);
  }

  @Test
  void decompressesOnce() throws IOException {
    Hdf5Fixture.official(folder, "train", 3, 32);
    Hdf5Fixture.official(folder, "valid", 3, 32);
    PatchCamelyon plain = PatchCamelyon.load(folder, Options.ALL);
    Path compressed = Hdf5Fixture.gzip(folder.resolve(OFFICIAL + "train_x.h5"));
    PatchCamelyon first = PatchCamelyon.load(folder, Options.ALL);
    assertThat(first.train().pixels()).isEqualTo(plain.train().pixels());
    Files.writeString(compressed, "not read again");
    assertThat(PatchCamelyon.load(folder, Options.ALL).checksums()).isEqualTo(plain.checksums());
  }

  @Test
  void leavesNothingOfABrokenCompressedFile() throws IOException {
    Hdf5Fixture.course(folder, 3, 3, 3, 32);
    Path compressed = Hdf5Fixture.gzip(folder.resolve("train.h5"));
    byte[] content = Files.readAllBytes(compressed);
    Files.write(compressed, Arrays.copyOf(content, content.length - 20));
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(compressed.toString(), "truncated gzip stream");
    content[content.length - 6] ^= 1;
    Files.write(compressed, content);
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(compressed.toString(), "damaged gzip stream");
    assertThat(folder.resolve("train.h5")).doesNotExist();
    assertThat(folder.resolve("train.h5.tmp")).doesNotExist();
  }

  @Test
  void keepsTheProportionOfEachClass() throws IOException {
    Hdf5Fixture.course(folder, 90, 3, 3, 2);
    PatchCamelyon some = PatchCamelyon.load(folder, new Options(31, 7, 2));
    assertThat(some.train().count()).isEqualTo(31);
    // A third of 90 are 1; of 31 it is 10.33.
    assertThat(IntStream.of(some.train().labels()).sum()).isEqualTo(10);
    assertThat(some.validation().count()).isEqualTo(3);
    assertThat(PatchCamelyon.load(folder, new Options(31, 7, 2)).train().pixels())
        .isEqualTo(some.train().pixels());
    assertThat(PatchCamelyon.load(folder, new Options(31, 8, 2)).train().pixels())
        .isNotEqualTo(some.train().pixels());
  }

  @Test
  void makesASmallerChoiceASubsetOfALargerOne() {
    int[] labels = IntStream.range(0, 90).map(Hdf5Fixture::label).toArray();
    int[] larger = new int[0];
    for (int limit = 90; limit > 0; limit--) {
      int[] chosen = StratifiedChoice.of(labels, limit, Seeds.random(1, "choice"));
      assertThat(chosen).hasSize(limit).isSorted().doesNotHaveDuplicates();
      assertThat(limit == 90 ? chosen : larger).contains(chosen);
      larger = chosen;
    }
  }

  @Test
  void refusesMoreThanThereAre() throws IOException {
    Hdf5Fixture.course(folder, 9, 3, 3, 32);
    assertThatThrownBy(() -> PatchCamelyon.load(folder, new Options(10, 0, 32)))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("train.h5", "found 9 patches", "at least 10");
    assertThatThrownBy(() -> new Options(-1, 0, 32)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Options(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAnotherNumberOfLabelsThanPatches() throws IOException {
    Hdf5Fixture.course(folder, 9, 3, 3, 32);
    Path valid =
        Hdf5Fixture.write(
            folder.resolve("valid.h5"),
            Map.of("x", Hdf5Fixture.images(3, 32, 32, 3), "y", Hdf5Fixture.labels(4)));
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(valid + ", data set \"x\"", "found 3 patches", "expected 4");
  }

  @Test
  void refusesGreyPatches() throws IOException {
    Hdf5Fixture.course(folder, 9, 3, 3, 32);
    Hdf5Fixture.write(
        folder.resolve("train.h5"),
        Map.of("x", Hdf5Fixture.images(3, 32, 32, 1), "y", Hdf5Fixture.labels(3)));
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("train.h5, data set \"x\"", "1 channels", "3 (RGB)");
  }

  @Test
  void namesAMissingPartAndAnEmptyFolder() throws IOException {
    Hdf5Fixture.course(folder, 3, 3, 3, 32);
    Files.delete(folder.resolve("valid.h5"));
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(folder.resolve("valid.h5").toString(), "no such file");
    Files.delete(folder.resolve("train.h5"));
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(folder.toString(), "neither layout", "fetch patchcamelyon");
  }

  @Test
  void theSourceFileGoesIntoReports() throws IOException {
    Hdf5Fixture.course(folder, 3, 3, 3, 32);
    Files.writeString(folder.resolve("SOURCE.txt"), "JPEG copies,\nquality 75\n");
    assertThat(PatchCamelyon.load(folder, Options.ALL).source())
        .isEqualTo("PatchCamelyon, the course's layout: JPEG copies, quality 75");
  }

  @Test
  void theFirstPlaceWinsAndThereTheCoursesLayout() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Hdf5Fixture.official(first.resolve("patchcamelyon"), "train", 3, 32);
    Hdf5Fixture.official(first.resolve("patchcamelyon"), "valid", 3, 32);
    Hdf5Fixture.course(second.resolve("patchcam"), 4, 3, 3, 32);
    Datasets datasets =
        Datasets.locate(first, Map.of(Datasets.VARIABLE, second.toString()), folder, folder);
    assertThat(PatchCamelyon.load(datasets, Options.ALL).train().count()).isEqualTo(3);
    Hdf5Fixture.course(first.resolve("patchcam"), 5, 3, 3, 32);
    assertThat(PatchCamelyon.load(datasets, Options.ALL).train().count()).isEqualTo(5);
  }

  @Test
  void tellsHowToGetItInFourLines() {
    Datasets datasets = Datasets.locate(folder.resolve("none"), Map.of(), folder, folder);
    assertThatThrownBy(() -> PatchCamelyon.load(datasets, Options.ALL))
        .isInstanceOf(DataException.class)
        .message()
        .hasLineCount(4)
        .contains(
            folder.resolve("none") + " (--datasets)",
            "cnnlab datasets fetch patchcamelyon",
            "cnnlab datasets prepare patchcamelyon --crop 32 --n 100000",
            "train.h5",
            "CNNLAB_DATASETS");
  }
}

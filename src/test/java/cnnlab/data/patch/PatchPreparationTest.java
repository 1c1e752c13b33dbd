package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.ImageSet;
import cnnlab.data.file.DataException;
import cnnlab.data.file.Hdf5Fixture;
import cnnlab.data.patch.PatchCamelyon.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchPreparationTest {
  private static final Options SOME = new Options(9, 3, 32);

  @TempDir Path temp;

  private final List<String> messages = new ArrayList<>();
  private Path source;
  private Path out;

  @BeforeEach
  void official() throws IOException {
    source = temp.resolve("patchcamelyon");
    out = temp.resolve("patchcam");
    Hdf5Fixture.official(source, "train", 12, 40);
    Hdf5Fixture.official(source, "valid", 6, 40);
    Hdf5Fixture.official(source, "test", 3, 40);
  }

  private void prepare(Options options, boolean force) throws IOException {
    PatchPreparation.prepare(source, out, options, force, messages::add);
  }

  @Test
  void preparesTheSamePatchesAsReadFromTheSource() throws IOException {
    prepare(SOME, false);
    PatchCamelyon direct = PatchCamelyon.load(source, SOME);
    PatchCamelyon prepared = PatchCamelyon.load(out, Options.ALL);
    assertSame(prepared.train(), direct.train());
    assertSame(prepared.validation(), direct.validation());
    assertSame(prepared.test().orElseThrow(), direct.test().orElseThrow());
    assertThat(prepared.test().orElseThrow().labelled()).isTrue();
    assertThat(prepared.source())
        .isEqualTo(
            "PatchCamelyon, the course's layout: central 32x32 pixels of the official patches,"
                + " pixel values unchanged; 9 training patches, chosen by seed 3");
    assertThat(messages)
        .containsExactly("train.h5: 9 patches", "valid.h5: 6 patches", "test_x.h5: 3 patches");
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("patchcamelyon", "patchcam");
  }

  private static void assertSame(ImageSet set, ImageSet expected) {
    assertThat(set.pixels()).isEqualTo(expected.pixels());
    assertThat(set.labels()).isEqualTo(expected.labels());
    assertThat(set.name()).isEqualTo(expected.name());
  }

  @Test
  void replacesOnlyWhenForced() throws IOException {
    prepare(SOME, false);
    assertThatThrownBy(() -> prepare(Options.ALL, false))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(out.toString(), "the course's layout", "--force", "--out");
    assertThat(PatchCamelyon.load(out, Options.ALL).train().count()).isEqualTo(9);
    Files.delete(source.resolve("camelyonpatch_level_2_split_test_y.h5"));
    prepare(Options.ALL, true);
    PatchCamelyon replaced = PatchCamelyon.load(out, Options.ALL);
    assertThat(replaced.train().count()).isEqualTo(12);
    assertThat(replaced.source()).endsWith("; all training patches");
    assertThat(replaced.test().orElseThrow().labelled()).isFalse();
  }

  @Test
  void leavesNothingWhenTheSourceIsDamaged() throws IOException {
    Path valid = source.resolve("camelyonpatch_level_2_split_valid_x.h5");
    Files.write(valid, new byte[100]);
    assertThatThrownBy(() -> prepare(SOME, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(valid.toString());
    assertThat(temp.toFile().list()).containsExactly("patchcamelyon");
  }
}

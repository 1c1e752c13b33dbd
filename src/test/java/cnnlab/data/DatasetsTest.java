package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.cli.KnownDatasets;
import cnnlab.data.DatasetCheck.Status;
import cnnlab.data.Datasets.Entry;
import cnnlab.data.file.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  private static final String LABELS = "t10k-labels-idx1-ubyte";

  @TempDir Path root;

  @Test
  void looksInOptionThenVariableThenCnnLabsFolder() throws IOException {
    Path option = data("option/mnist");
    Path variable = data("variable/mnist");
    Path own = data("home/datasets/mnist");
    assertThat(locate("option", "variable").folder("mnist")).isEqualTo(option);
    assertThat(locate(null, "variable").folder("mnist")).isEqualTo(variable);
    assertThat(locate(null, " ").folder("mnist")).isEqualTo(own);
  }

  @Test
  void looksUpEachDataSetSeparately() throws IOException {
    Path patchcam = data("variable/patchcam");
    Path mnist = data("home/datasets/mnist");
    Datasets datasets = locate("nowhere", "variable");
    assertThat(datasets.folder("patchcam")).isEqualTo(patchcam);
    assertThat(datasets.folder("mnist")).isEqualTo(mnist);
  }

  @Test
  void looksInFoldersAbove() throws IOException {
    Path mnist = data("datasets/mnist");
    Path deep = Files.createDirectories(root.resolve("a/b"));
    Files.createDirectories(root.resolve("a/datasets"));
    assertThat(Datasets.locate(null, Map.of(), deep, deep).folder("mnist")).isEqualTo(mnist);
  }

  @Test
  void ignoresAFolderWithOnlyAReadme() throws IOException {
    Files.writeString(
        Files.createDirectories(root.resolve("option/mnist")).resolve("README.md"), "");
    Path mnist = data("home/datasets/mnist");
    assertThat(locate("option", null).folder("mnist")).isEqualTo(mnist);
  }

  @Test
  void namesAllPlacesWhenNoneHasIt() throws IOException {
    Files.createDirectories(root.resolve("option"));
    assertThatThrownBy(() -> locate("option", "variable").folder("patchcam"))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(
            "\"patchcam\": not found",
            root.resolve("option/patchcam") + " (--datasets)",
            root.resolve("variable/patchcam") + " (CNNLAB_DATASETS: no such folder)",
            root.resolve("home/datasets/patchcam") + " (CNN Lab's folder",
            "--datasets DIR",
            "`datasets list`");
  }

  @Test
  void listsWhatIsFoundAndWhatIsNot() throws IOException {
    Path mnist = data("home/datasets/mnist");
    Files.writeString(mnist.resolve("README.md"), "not counted");
    Files.writeString(mnist.resolve("SOURCE.txt"), "nor this");
    Files.writeString(mnist.resolve("half.gz.part"), "nor this");
    List<Entry> entries = locate(null, null).list(KnownDatasets.ALL);
    assertThat(entries)
        .extracting(Entry::name)
        .containsExactly("mnist", "patchcam", "patchcamelyon", "pcam96");
    assertThat(entries.get(0).folder()).isEqualTo(mnist);
    assertThat(entries.get(0).files()).isEqualTo(1);
    assertThat(entries.get(0).bytes()).isEqualTo(3);
    assertThat(entries.get(1).found()).isFalse();
    assertThat(entries.get(1).description()).contains("the course's layout");
    assertThat(entries.get(1).files()).isZero();
  }

  @Test
  void verifiesTheEmbeddedFiles() {
    List<DatasetCheck> checks =
        Datasets.locate(null, Map.of(), Path.of(""), Path.of(""))
            .verify("mnist", KnownDatasets.ALL);
    assertThat(checks).hasSize(4).allMatch(check -> check.status() == Status.OK);
    assertThat(checks).allMatch(check -> check.sha256().equals(check.expected()));
    assertThat(checks.get(0).file()).hasFileName("t10k-images-idx3-ubyte.gz");
    assertThat(checks.get(0).bytes()).isEqualTo(1_616_508);
  }

  @Test
  void reportsBadMissingAndUnknownFiles() throws IOException {
    Path mnist = data("home/datasets/mnist");
    Files.copy(Path.of("datasets/mnist", LABELS + ".gz"), mnist.resolve(LABELS + ".gz"));
    Files.writeString(mnist.resolve("train-labels-idx1-ubyte"), "changed");
    Files.writeString(mnist.resolve("train-images-idx3-ubyte.gz"), "no gzip");
    List<DatasetCheck> checks = locate(null, null).verify("mnist", KnownDatasets.ALL);
    assertThat(checks)
        .extracting(check -> check.file().getFileName() + " " + check.status())
        .containsExactly(
            "data.bin -",
            "t10k-images-idx3-ubyte.gz missing",
            LABELS + ".gz ok",
            "train-images-idx3-ubyte.gz BAD",
            "train-labels-idx1-ubyte BAD");
    // printf abc | sha256sum
    assertThat(checks.get(0).sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(checks.get(0).expected()).isEqualTo("-");
    assertThat(checks.get(3).sha256()).isEqualTo("-");
  }

  @Test
  void verifiesPresentAndExpectedFiles() throws IOException {
    data("variable/pcam96");
    Datasets datasets = locate(null, "variable");
    assertThat(datasets.verifyAll(KnownDatasets.ALL))
        .extracting(check -> check.dataset() + " " + check.status())
        .containsExactly(
            "mnist missing", "mnist missing", "mnist missing", "mnist missing", "pcam96 -");
    assertThatThrownBy(() -> datasets.verify("patchcam", KnownDatasets.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("not found");
  }

  private Datasets locate(String option, String variable) throws IOException {
    // Relative paths are relative to the working directory, here root/work.
    Path working = Files.createDirectories(root.resolve("work"));
    return Datasets.locate(
        option == null ? null : Path.of("..", option),
        variable == null
            ? Map.of()
            : Map.of(Datasets.VARIABLE, variable.isBlank() ? variable : "../" + variable),
        working,
        root.resolve("home"));
  }

  /** A data set of one file of three bytes. */
  private Path data(String name) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.writeString(folder.resolve("data.bin"), "abc");
    return folder;
  }
}

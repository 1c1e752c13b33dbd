package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsCommandTest {
  private static final Path MNIST = Path.of("datasets/mnist");

  @TempDir Path temp;

  @Test
  void listShowsWhatIsFoundAndWhereItLooked() {
    Outcome list = Outcome.of("datasets", "list", "--datasets", temp.toString());
    assertThat(list.code()).isZero();
    assertThat(list.out())
        .containsPattern("mnist .* 4 .*mnist")
        .contains("Searched:", temp + " (--datasets)");
  }

  @Test
  void theEmbeddedFilesAreGood() {
    Outcome verify = Outcome.of("datasets", "verify", "mnist", "--datasets", "datasets");
    assertThat(verify.code()).isZero();
    assertThat(verify.out().lines().filter(line -> line.endsWith(" ok"))).hasSize(4);
    assertThat(verify.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void aBrokenCopyIsExitCode1AndIsNamed() throws IOException {
    Path copy = Files.createDirectory(temp.resolve("mnist"));
    try (Stream<Path> files = Files.list(MNIST)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path broken = copy.resolve("t10k-labels-idx1-ubyte.gz");
    Files.copy(copy.resolve("train-labels-idx1-ubyte.gz"), temp.resolve("other.gz"));
    Files.delete(broken);
    Files.move(temp.resolve("other.gz"), broken);
    Files.delete(copy.resolve("train-labels-idx1-ubyte.gz"));

    Outcome verify = Outcome.of("datasets", "verify", "mnist", "--datasets", temp.toString());
    assertThat(verify.code()).isEqualTo(1);
    assertThat(verify.out())
        .containsPattern("t10k-labels-idx1-ubyte.gz .* BAD")
        .containsPattern("train-labels-idx1-ubyte.gz .* missing")
        .contains(broken.toString(), "SHA-256 found    65a50cbb", "SHA-256 expected ff7bcfd4");
  }

  @Test
  void aDataSetThatNobodyKnowsIsExitCode2() {
    Outcome verify = Outcome.of("datasets", "verify", "minst");
    assertThat(verify.code()).isEqualTo(2);
    assertThat(verify.err()).contains("minst", "Known data sets: mnist");
  }

  @Test
  void aRunOnABrokenDataSetIsExitCode2AndLeavesNoRunDirectory() throws IOException {
    Path copy = Files.createDirectory(temp.resolve("mnist"));
    Files.writeString(copy.resolve("train-labels-idx1-ubyte"), "not IDX at all");
    Path out = temp.resolve("out");
    Outcome run =
        Outcome.of("task1", "--quick", "--datasets", temp.toString(), "--out", out.toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("train-labels-idx1-ubyte");
    assertThat(out).doesNotExist();
  }
}

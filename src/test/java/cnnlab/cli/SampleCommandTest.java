package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCommandTest {
  @TempDir Path temp;

  private Outcome sample(Path out, String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "datasets";
    all[1] = "sample";
    all[2] = "--out";
    all[3] = out.toString();
    System.arraycopy(more, 0, all, 4, more.length);
    return Outcome.of(all);
  }

  /** predict takes the file and finds the classes that the sample says. */
  @Test
  void predictTakesTheSampleAsItIs() throws IOException {
    Path x = temp.resolve("x.npy");
    Path y = temp.resolve("y.csv");
    Outcome outcome = sample(x, "--n", "20", "--from", "100", "--labels", y.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("images 100 to 119 of MNIST test, [20, 28, 28, 1]");
    assertThat(NpyFile.read(x).shape()).containsExactly(20, 28, 28, 1);
    Path predicted = temp.resolve("p.csv");
    Outcome predict =
        Outcome.of(
            "predict",
            "src/test/resources/keras/task1.keras",
            "--inputs",
            x.toString(),
            "--out",
            predicted.toString());
    assertThat(predict.code()).as(predict.err()).isZero();
    assertThat(Files.readAllLines(predicted)).containsExactlyElementsOf(Files.readAllLines(y));
  }

  @Test
  void valuesHaveTheScaleAndOrderThatIsAskedFor() {
    float[] own = read("a.npy");
    float[] unit = read("b.npy", "--scale", "unit");
    float[] bytes = read("c.npy", "--scale", "bytes", "--channels-first");
    for (int i = 0; i < own.length; i++) {
      assertThat(own[i]).isEqualTo(2f * bytes[i] / 255f - 1f);
      assertThat(unit[i]).isEqualTo(bytes[i] / 255f);
    }
    assertThat(NpyFile.read(temp.resolve("c.npy")).shape()).containsExactly(2, 1, 28, 28);
  }

  private float[] read(String name, String... more) {
    Path file = temp.resolve(name);
    String[] all = new String[more.length + 2];
    all[0] = "--n";
    all[1] = "2";
    System.arraycopy(more, 0, all, 2, more.length);
    assertThat(sample(file, all).code()).isZero();
    NpyArray array = NpyFile.read(file);
    return array.data();
  }

  @Test
  void wrongUsageIsExitCode2AndWritesNothing() {
    assertThat(sample(temp.resolve("x.csv")).err()).contains("must end in .npy");
    Path x = temp.resolve("x.npy");
    assertThat(sample(x, "--n", "0").err()).contains("--n is 0");
    assertThat(sample(x, "--from", "9990", "--n", "11").err()).contains("10,000 images");
    assertThat(sample(x, "--labels", "y.txt").err()).contains("must end in .csv");
    assertThat(sample(x, "--dataset", "cifar").err()).contains("it must be mnist or patchcamelyon");
    Outcome none = sample(x, "--dataset", "patchcamelyon", "--datasets", temp.toString());
    if (none.code() != 0) { // no place has it
      assertThat(none.code()).isEqualTo(2);
      assertThat(none.err()).contains("fetch patchcamelyon");
      assertThat(temp).isEmptyDirectory();
    }
  }
}

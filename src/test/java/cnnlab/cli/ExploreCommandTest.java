package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.cli.option.CommandLines;
import cnnlab.run.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code explore} does without a browser: pages to hand out, and refusals. */
class ExploreCommandTest {
  private static final String DIGITS = "results/reference/task1";

  /** Its images [6, 5, 1] are those of no data set. */
  private static final String SMALL = "src/test/resources/keras/one_sigmoid.keras";

  @TempDir Path temp;

  private record Outcome(int code, String err) {}

  private static Outcome run(String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      return new Outcome(
          CommandLines.execute(new ExploreCommand(), arguments),
          err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void aPageOfAnImageFileForAModelWithoutADataSet() throws IOException {
    Path page = temp.resolve("page.html");
    String picture = DIGITS + "/training.png";
    Outcome made = run(SMALL, "--export", page.toString(), "--image", picture);
    assertThat(made.code()).as(made.err()).isEqualTo(ExitCode.OK);
    assertThat(page).content().contains("\"set\":\"training.png\"", "values/");
    assertThat(Files.size(page)).isLessThan(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, is for --export only",
    "x.png --export PAGE, x.png",
    "-1 --export PAGE, its images are 0 to 9999. Name an image",
    "10000 --export PAGE, its images are 0 to 9999. Name an image",
  })
  void imagesThatDoNotExistAreRefused(String rest, String message) {
    String line = DIGITS + " --image " + rest.replace("PAGE", temp.resolve("p.html").toString());
    Outcome refused = run(line.split(" "));
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains(message).doesNotContain("\tat ");
    assertThat(temp.resolve("p.html")).doesNotExist();
  }

  @Test
  void aModelWithoutADataSetNeedsAnImage() {
    Outcome refused = run(SMALL, "--export", temp.resolve("p.html").toString());
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains("there is no data set of images", "--image picture.png")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "results/reference/task1 --input 32;x, --input is '32;x'",
    "src/test/resources/keras/images_as_sequences.keras, [H; W; 1] or [H; W; 3] expected",
    "src/test/resources/several/siamese.keras, explore takes models with one input and one output",
    "results/reference/task1 --port 70000, --port is 70000",
    "nothing.keras, no such file",
  })
  void whatCannotBeExploredIsRefusedByName(String line, String message) {
    Outcome refused = run((line.replace(';', ',') + " --no-browser").split(" "));
    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains(message.replace(';', ','));
  }

  @Test
  void theSizeOfTheInputsIsThatOfTheFile() {
    Outcome refused = run(SMALL, "--input", "9,9,1", "--no-browser");
    assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains("--input is [9, 9, 1], but the inputs of", "leave --input out");
  }
}

package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.plot.Picture;
import cnnlab.plot.PlotStyle;
import cnnlab.text.MarkdownReport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialMarkTest {
  private static final JsonNode NONE = MissingNode.getInstance();

  @TempDir Path temp;

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  @Test
  void theMarkIsFoundInAnyFile() throws IOException {
    assertThat(TrialMark.of(NONE, NONE, NONE)).isEmpty();
    assertThat(TrialMark.of(json("{'data': 'patchcamelyon'}"), json("{}"), json("{'trial': null}")))
        .isEmpty();
    assertThat(TrialMark.of(NONE, json("{'trial': 'quick'}"), NONE)).isEqualTo("QUICK");
    assertThat(TrialMark.of(NONE, NONE, json("{'trial': 'quick'}"))).isEqualTo("QUICK");
    assertThat(TrialMark.of(NONE, NONE, json("{'arguments': ['task2', '--quick']}")))
        .isEqualTo("QUICK");
    assertThat(TrialMark.of(NONE, NONE, json("{'arguments': ['--out', 'quick']}"))).isEmpty();
    assertThat(TrialMark.of(json("{'data': 'synthetic'}"), NONE, NONE)).isEqualTo("SYNTHETIC");
    assertThat(TrialMark.of(json("{'set': {'data': 'synthetic'}}"), NONE, NONE))
        .as("a sweep")
        .isEqualTo("SYNTHETIC");
    assertThat(
            TrialMark.of(json("{'data': 'synthetic'}"), json("{'trial': 'synthetic quick'}"), NONE))
        .isEqualTo("SYNTHETIC QUICK");
  }

  @Test
  void missingAndDamagedFilesAreIgnored() throws IOException {
    assertThat(TrialMark.ofRun(temp)).isEmpty();
    Files.writeString(temp.resolve("result.json"), "{");
    Files.writeString(temp.resolve("config.yaml"), "data: synthetic");
    assertThat(TrialMark.ofRun(temp)).isEqualTo("SYNTHETIC");
    assertThat(TrialMark.ofNew(true, "set:\n  data: \"synthetic\"\n")).isEqualTo("SYNTHETIC QUICK");
    assertThat(TrialMark.ofNew(false, "epochs: 1\n")).isEmpty();
  }

  @Test
  void everyLineOfTextIsMarked() {
    assertThat(
            TrialMark.markdown(
                "QUICK", "# T\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n![x](y.png)\n"))
        .isEqualTo(
            "# QUICK T\n\n| QUICK a | b |\n| --- | --- |\n| QUICK 1 | 2 |\n![QUICK x](y.png)\n");
    assertThat(TrialMark.markdown("QUICK", "Do:\n\n```sh\n./cnnlab\n```\nx\n"))
        .as("a command can be copied")
        .isEqualTo("QUICK Do:\n\n```sh\n./cnnlab\n```\nQUICK x\n");
    assertThat(TrialMark.csv("QUICK", "a,b\n1,2\n")).isEqualTo("a,b,mark\n1,2,QUICK\n");
    assertThat(TrialMark.csv("", "a,b\n")).isEqualTo("a,b\n");
    assertThat(TrialMark.title("", "t")).isEqualTo("t");
  }

  @Test
  void aRunDirectoryMarksItsFiles() throws IOException {
    RunDirectory run = RunDirectory.at(temp.resolve("run"));
    run.mark("QUICK");
    run.writeJson("result.json", json("{'mean': 0.5}"));
    run.writeJson("other.json", json("{'mean': 0.5}"));
    run.writePng("plot.png", mark -> new Picture(PlotStyle.white(150, 50)).png(mark));
    run.writeReport(
        new MarkdownReport().heading(1, "T").image("there", "plot.png").image("not", "roc.png"));
    assertThat(new ObjectMapper().readTree(run.path("result.json").toFile()))
        .isEqualTo(json("{'trial': 'quick', 'mean': 0.5}"));
    assertThat(Files.readString(run.path("other.json"))).doesNotContain("quick");
    assertThat(Files.readString(run.path("report.md")))
        .isEqualTo("# QUICK T\n\n![QUICK there](plot.png)\n");
    assertThat(javax.imageio.ImageIO.read(run.path("plot.png").toFile()))
        .satisfies(
            image -> {
              assertThat(image.getWidth()).isEqualTo(300);
              assertThat(image.getHeight()).isGreaterThan(110);
            });
  }
}

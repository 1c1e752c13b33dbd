package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

class SummaryCommandTest {
  private static final String KERAS = "src/test/resources/keras/";

  @TempDir Path temp;

  private static Outcome summary(String... more) {
    String[] all = new String[more.length + 1];
    all[0] = "summary";
    System.arraycopy(more, 0, all, 1, more.length);
    return Outcome.of(all);
  }

  /** The numbers by hand: 9·1·4 + 4, 36 products at 784 places, and so on. */
  @Test
  void showsLayersShapesParametersAndMultiplications() {
    Outcome outcome = summary(KERAS + "task1.keras");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("Convolution 3x3 same, relu +\\[28, 28, 4] +40 +28,224 ")
        .containsPattern("Convolution 3x3 same, relu +\\[14, 14, 8] +296 +56,448 ")
        .containsPattern("Output, softmax +\\[10] +3,930 +3,920 ")
        .contains("4,266 (17.06 kB), trained: 4,266, not trained: 0")
        .contains("88,592 multiply-accumulates");
  }

  /** The numbers of parameters are those of Keras' {@code model.summary()}. */
  @Test
  void countsParametersAsKerasDoes() {
    assertThat(summary(KERAS + "mobile.keras").out())
        .contains("627 (2.51 kB), trained: 539, not trained: 88");
  }

  @Test
  void readsTheModelOfARunWithTheShapeInItsRecord() {
    Outcome outcome = summary("results/reference/task1");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("4,266", "For inputs of shape [28, 28, 1]");
  }

  @Test
  void takesAnotherShapeAndDrawsADiagram() throws IOException {
    Path svg = temp.resolve("new/net.svg");
    Path zip = zip();
    assertThat(summary(zip.toString()).out()).contains("[32, 32, 3]");
    Outcome outcome = summary(zip.toString(), "--input", "64,48,3", "--picture", svg.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("[64, 48, 3]", "Add ").doesNotContain("[32, 32, 3]");
    assertThat(svg).content().startsWith("<svg").contains("[64, 48, 3]", "net.zip");
  }

  private Path zip() throws IOException {
    Path zip = temp.resolve("net.zip");
    if (!Files.exists(zip)) {
      ModelFiles.save(
          LymphNodeResNet.create(
              1, new LymphNodeResNet.Shape(List.of(2, 3), 1, true, 0.1), new Adam(), 0),
          zip);
    }
    return zip;
  }

  /** Layers that only DL4J can run are shown too. */
  @Test
  void showsLayersThatTheEngineFromScratchDoesNotHave() throws IOException {
    Path zip = temp.resolve("up.zip");
    ModelFiles.save(
        TestGraphs.init(
            TestGraphs.builder(new Shape(2, 8, 8))
                .addLayer("drop", new DropoutLayer(0.75), "input")
                .addLayer("up", new Upsampling2D.Builder(2).build(), "drop"),
            "up"),
        zip);
    Outcome outcome = summary(zip.toString(), "--input", "8,8,2");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("Dropout 0.25", "[16, 16, 2]");
  }

  @Test
  void refusesWrongUsageInOneLine() throws IOException {
    assertThat(summary(KERAS + "task1.keras", "--picture", "x.png").err())
        .contains("--picture is 'x.png'; it must end in .svg");
    assertThat(summary(KERAS + "task1.keras", "--input", "32,32,1").err())
        .contains("--input is [32, 32, 1], but the inputs of", "are [28, 28, 1]");
    Files.createDirectories(temp.resolve("run/models"));
    Files.createFile(temp.resolve("run/models/a-1.zip"));
    Outcome outcome = summary(temp.resolve("run").toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("name one of its models", "a-1.zip");
  }

  /** DL4J itself finds no fault with it. */
  @Test
  void aSizeThatDoesNotFitTheDenseLayerIsRefused() {
    Outcome outcome = summary("results/reference/task1", "--input", "40,40,1");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("does not fit inputs of shape [40, 40, 1]", "'dense'", "392 inputs and gets 800");
  }
}

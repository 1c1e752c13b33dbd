package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import cnnlab.io.AtomicFile;
import cnnlab.plot.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShowCommandTest {
  private static final String KERAS = "src/test/resources/keras/";
  private static final String RUN = "results/reference/task1";

  @TempDir Path temp;

  private Outcome show(String model, String input, String... more) {
    return Outcome.of(
        Stream.concat(
                Stream.of("show", model, "--input", input, "--out", out().toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path out() {
    return temp.resolve("new/out");
  }

  private List<String> written() throws IOException {
    try (Stream<Path> files = Files.list(out())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void drawsKernelsAndEveryLayerOfBothEngines() throws IOException {
    Outcome outcome = show(RUN, "7", "--double");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Input: image 7 of MNIST test", "10 pictures written")
        .containsPattern("Largest difference between DL4J and from scratch: \\d\\.\\d+e-\\d");
    assertThat(written())
        .containsExactly(
            "index.html",
            "input.png",
            "kernels-conv1.png",
            "kernels-conv2.png",
            "kernels-dense_linear.png",
            "layer-1-conv1.png",
            "layer-2-pool1.png",
            "layer-3-conv2.png",
            "layer-4-pool2.png",
            "layer-6-dense_linear.png",
            "layer-7-dense.png");
    for (String name : written()) {
      if (name.endsWith(".png")) {
        Picture picture = Picture.read(out().resolve(name));
        assertThat(picture.width()).as(name).isEqualTo(960);
      }
    }
    assertThat(out().resolve("index.html"))
        .content()
        .contains("layer-1-conv1.png", "kernels-conv2.png", "Probabilities", "from scratch")
        .doesNotContain(temp.toString());
    assertThat(out().getParent()).isDirectoryNotContaining(AtomicFile::isTemporary);
  }

  /** Every kind of layer: nothing may stop the drawing of a model that compare reads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "depthwise",
        "merging",
        "mobile",
        "image_output",
        "global_pooling",
        "convnext_block",
        "dilated_and_grouped",
        "digits_without_channels"
      })
  void drawsModelsOfAllKinds(String name) throws IOException {
    Path npy = temp.resolve("x.npy");
    randomInput(name, npy);
    Outcome outcome = show(KERAS + name + ".keras", npy.toString(), "--example", "1");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(written()).contains("index.html", "input.png").hasSizeGreaterThan(3);
  }

  private static void randomInput(String name, Path npy) {
    var shape =
        cnnlab.inference.ModelLoader.open(Path.of(KERAS + name + ".keras")).input().arrayShape(2);
    float[] values = new float[java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    cnnlab.data.file.NpyFile.write(npy, new cnnlab.data.file.NpyArray(shape, values));
  }

  @Test
  void takesAnImageFileAndScalesIt() throws IOException {
    BufferedImage image = new BufferedImage(100, 60, BufferedImage.TYPE_INT_RGB);
    Path file = temp.resolve("7.png");
    ImageIO.write(image, "png", file.toFile());
    Outcome outcome = show(RUN, file.toString(), "--invert", "--layers", "conv1");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("(100x60 pixels, its centre scaled to 28x28), inverted", "3 pictures");
    assertThat(written())
        .containsExactly("index.html", "input.png", "kernels-conv1.png", "layer-1-conv1.png");
  }

  @Test
  void takesAnExampleOfAnArray() {
    String npy = temp.resolve("digits.npy").toString();
    assertThat(Outcome.of("datasets", "sample", "--n", "3", "--out", npy).code()).isZero();
    Outcome outcome = show(RUN, npy, "--example", "2", "--layers", "dense");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("example 2 of " + npy);
    assertThat(show(RUN, npy, "--example", "3").err()).contains("is not empty");
  }

  @Test
  void wrongUsageIsExitCode2AndWritesNothing() throws IOException {
    String[][] cases = {
      {"10000", "0 to 9999"},
      {"-1", "is 0 or more"},
      {"nothing.png", "no such file"},
      {"nothing.npy", "no such file"},
      {"pom.xml", "not PNG or JPEG"},
    };
    for (String[] one : cases) {
      Outcome outcome = Outcome.of("show", RUN, "--input=" + one[0], "--out", out().toString());
      assertThat(outcome.code()).as(one[0]).isEqualTo(2);
      assertThat(outcome.err()).contains(one[1]).doesNotContain("\tat ");
    }
    assertThat(show(RUN, "7", "--layers", "conv9").err())
        .contains("no layer 'conv9'", "conv1, pool1");
    assertThat(show(RUN, "7", "--channels", "0").err()).contains("--channels is 0", "at least 1");
    assertThat(show(KERAS + "mobile.keras", "7").err())
        .contains("--input is 7", "name an image file");
    assertThat(show("no-model.keras", "7").code()).isEqualTo(2);
    assertThat(temp).isEmptyDirectory();
    Files.writeString(temp.resolve("mine"), "x");
    Outcome full = Outcome.of("show", RUN, "--input", "7", "--out", temp.toString());
    assertThat(full.code()).isEqualTo(2);
    assertThat(full.err()).contains("not empty");
  }
}

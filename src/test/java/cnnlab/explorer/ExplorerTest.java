package cnnlab.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.ImageChange;
import cnnlab.config.UsageException;
import cnnlab.explorer.Answers.Examined;
import cnnlab.explorer.Answers.LayerView;
import cnnlab.explorer.Answers.Maps;
import cnnlab.explorer.Answers.Model;
import cnnlab.explorer.Answers.Weights;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.PixelScale;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.TrainableGraphs;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.run.RunOptions;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

class ExplorerTest {
  private static final ArrayLayout DIGIT = new ArrayLayout(List.of(28, 28, 1));
  private static final ArrayLayout PATCH = new ArrayLayout(List.of(32, 32, 3));

  private final Explorer explorer = new Explorer(RunOptions.locateDatasets(null));

  @AfterEach
  void close() {
    explorer.close();
  }

  private void add(ComputationGraph graph, ArrayLayout layout) {
    explorer.add(
        Path.of("some.zip"), new LoadedModel(Path.of("some.zip"), graph, null, null), layout, null);
  }

  private static ComputationGraph graph(Kind kind) {
    return TrainableGraphs.create(kind, 3, Optimiser.ADAM, 0.001);
  }

  private static byte[] pixels(int size) {
    byte[] pixels = new byte[size];
    new Random(5).nextBytes(pixels);
    return pixels;
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  @Test
  void theThreeEnginesAnswerForOneImage() {
    ComputationGraph graph = graph(Kind.TASK1);
    add(graph, DIGIT);
    byte[] image = pixels(784);
    Examined found = explorer.examine("m0", image, ImageChange.NONE);
    Network network = GraphCompiler.compile(graph, new Shape(1, 28, 28), new ReferenceKernels());
    float[] expected = network.predict(PixelScale.SYMMETRIC.apply(image, 1, 1), 1);
    assertThat(found.pixels()).isEqualTo(image);
    assertThat(found.exact()).hasSize(10);
    for (int k = 0; k < 10; k++) {
      assertThat(found.scratch().get(k)).isCloseTo(expected[k], within(1e-6));
      assertThat(found.library().get(k)).isCloseTo(expected[k], within(1e-6));
      assertThat(found.exact().get(k)).isCloseTo(expected[k], within(1e-6));
    }
    assertThat(found.layers())
        .extracting(Answers.LayerFigures::name)
        .containsExactly("conv1", "pool1", "conv2", "pool2", "flatten", "dense/linear", "dense");
    assertThat(found.layers().get(0).libraryDifference()).isLessThan(1e-5);
    assertThat(found.layers().get(5).libraryDifference()).isNull();
  }

  @Test
  void mapsAreThoseOfTheLayer() {
    add(graph(Kind.TASK1), DIGIT);
    Examined found = explorer.examine("m0", pixels(784), ImageChange.NONE);
    Maps maps = explorer.maps(found.id(), "conv2", 6, 16);
    assertThat(maps.count()).isEqualTo(2);
    float[] scratch = floats(maps.scratch());
    float[] library = floats(maps.library());
    assertThat(scratch).hasSize(2 * 14 * 14);
    for (int i = 0; i < scratch.length; i++) {
      assertThat(library[i]).isCloseTo(scratch[i], within(1e-5f));
    }
  }

  /** The story is computed by other code than the engines. */
  @Test
  void everyValueComesAboutAsItsStoryTells() {
    add(graph(Kind.TASK1), DIGIT);
    add(graph(Kind.TASK2), DIGIT);
    add(graph(Kind.TASK3), PATCH);
    add(
        LymphNodeResNet.create(
            3, new LymphNodeResNet.Shape(List.of(4, 8), 1, true, 0.2), new Adam(), 0),
        PATCH);
    Random random = new Random(2);
    int told = 0;
    for (String key : explorer.keys()) {
      Model model = explorer.model(key);
      byte[] image = pixels(model.height() * model.width() * model.channels());
      String id = explorer.examine(key, image, ImageChange.NONE).id();
      for (LayerView layer : model.layers()) {
        for (int i = 0; i < 12; i++) {
          ValueStory story =
              explorer.value(
                  id,
                  layer.name(),
                  random.nextInt(layer.channels()),
                  // Edges too, where windows lie in the padding.
                  i % 3 == 0 ? 0 : random.nextInt(layer.height()),
                  i % 4 == 0 ? layer.width() - 1 : random.nextInt(layer.width()));
          if (story.result() != null) {
            told++;
            assertThat(story.result())
                .as("%s %s %s", key, layer.name(), story)
                .isCloseTo(story.scratch(), within(1e-4 * (1 + Math.abs(story.scratch()))));
            assertThat(story.exact()).isCloseTo(story.scratch(), within(1e-3));
          }
        }
      }
    }
    assertThat(told).isGreaterThan(400);
  }

  @Test
  void aStoryGivesEveryNumberOfAWindow() {
    ComputationGraph graph = graph(Kind.TASK1);
    add(graph, DIGIT);
    byte[] image = pixels(784);
    String id = explorer.examine("m0", image, ImageChange.NONE).id();
    ValueStory story = explorer.value(id, "conv1", 2, 0, 27);
    ValueStory.Part part = story.parts().get(0);
    // Outside the image: the row above and the column to the right.
    assertThat(part.inputs().subList(0, 3)).containsOnlyNulls();
    assertThat(part.inputs().get(5)).isNull();
    float[] x = PixelScale.SYMMETRIC.apply(image, 1, 1);
    assertThat(part.inputs().get(4)).isEqualTo((double) x[27]);
    Weights kernels = explorer.weights("m0", "conv1", 2);
    float[] w = floats(kernels.values());
    for (int i = 0; i < 9; i++) {
      assertThat(part.weights().get(i)).isEqualTo((double) w[i]);
    }
    double sum = floats(kernels.bias())[0];
    for (int i = 0; i < 9; i++) {
      sum += part.inputs().get(i) == null ? 0 : part.inputs().get(i) * part.weights().get(i);
    }
    assertThat(story.sum()).isCloseTo(sum, within(1e-12));
    assertThat(story.result()).isEqualTo(Math.max(0, story.sum()));
  }

  @Test
  void weightsOfAClassLieOnTheMapsThatItReads() {
    ComputationGraph graph = graph(Kind.TASK1);
    add(graph, DIGIT);
    Network network = GraphCompiler.compile(graph, new Shape(1, 28, 28), new ReferenceKernels());
    Weights weights = explorer.weights("m0", "dense/linear", 3);
    assertThat(weights.shape()).containsExactly(1, 8, 7, 7);
    int offset = network.nodes().get(5).parameterOffset();
    float[] values = floats(weights.values());
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(network.parameters()[offset + i * 10 + 3]);
    }
  }

  @Test
  void whatItLooksAtHasTheSizeOfTheImage() {
    add(graph(Kind.TASK3), PATCH);
    String id = explorer.examine("m0", pixels(3072), ImageChange.NONE).id();
    Answers.Attention found = explorer.attention(id);
    assertThat(floats(found.occlusion())).hasSize(1024);
    assertThat(floats(found.gradCam())).hasSize(1024);
    assertThat(found.target()).isBetween(0, 1);
    assertThat(found.layer()).isEqualTo("pool3");
  }

  @Test
  void aChangedImageIsExamined() {
    add(graph(Kind.TASK1), DIGIT);
    byte[] image = pixels(784);
    ImageChange flip =
        new ImageChange(true, false, ImageChange.NONE.pose(), 0, 1, ImageChange.NONE.colours());
    Examined found = explorer.examine("m0", image, flip);
    assertThat(found.pixels()[0]).isEqualTo(image[27]);
  }

  @Test
  void imagesOfTheDataSetAndMistakes() {
    add(graph(Kind.TASK1), DIGIT);
    assertThat(explorer.examples("m0")).isEqualTo(10_000);
    Answers.Example first = explorer.example("m0", 0);
    assertThat(first.label()).isEqualTo(7);
    assertThat(first.pixels()).hasSize(784);
    Answers.Mistakes mistakes = explorer.mistakes("m0");
    // An untrained network is wrong about most.
    assertThat(mistakes.wrong()).hasSizeGreaterThan(1000);
    assertThatThrownBy(() -> explorer.example("m0", 10_000))
        .isInstanceOf(Explorer.UnknownException.class)
        .hasMessageContaining("0 to 9999");
  }

  @Test
  void questionsAboutNothingAreRefused() {
    add(graph(Kind.TASK1), DIGIT);
    String id = explorer.examine("m0", pixels(784), ImageChange.NONE).id();
    assertThatThrownBy(() -> explorer.model("m7")).hasMessageContaining("there is no model 'm7'");
    assertThatThrownBy(() -> explorer.examine("m0", pixels(5), ImageChange.NONE))
        .hasMessageContaining("5 bytes; 784 expected");
    assertThatThrownBy(() -> explorer.maps("e99", "conv1", 0, 1))
        .hasMessageContaining("no longer kept");
    assertThatThrownBy(() -> explorer.maps(id, "conv9", 0, 1))
        .hasMessageContaining("there is no layer 'conv9'");
    assertThatThrownBy(() -> explorer.maps(id, "conv1", 4, 1))
        .hasMessageContaining("channels 0 to 3");
    assertThatThrownBy(() -> explorer.maps(id, "conv1", 0, 1_000_000))
        .hasMessageContaining("at most 64");
    assertThatThrownBy(() -> explorer.value(id, "conv1", 0, 28, 0)).hasMessageContaining("row 28");
    assertThatThrownBy(() -> explorer.weights("m0", "pool1", 0))
        .hasMessageContaining("no weights that make a picture");
    assertThatThrownBy(() -> explorer.weights("m0", "conv1", -1))
        .hasMessageContaining("outputs 0 to 3");
    assertThatThrownBy(() -> explorer.live().state()).hasMessageContaining("no training yet");
  }

  @Test
  void theEpochsOfARunAreModelsOfTheirOwn(@TempDir Path temp) throws IOException {
    for (String name : List.of("a", "b")) {
      Path file = KeptRun.write(temp.resolve(name), name.equals("a") ? 10 : 20);
      explorer.add(file, ModelLoader.open(file), DIGIT, null);
    }
    assertThat(explorer.keys()).containsExactly("m0", "m1");
    Model model = explorer.model("m0");
    assertThat(model.epochs())
        .containsExactly(
            new Answers.Epoch(0, false, null, null, null),
            new Answers.Epoch(2, true, 2.5, null, null),
            new Answers.Epoch(3, false, 1.0, 0.5, 0.75));
    assertThat(explorer.model("m0@3").name()).endsWith("model.zip, epoch 3");
    byte[] image = pixels(784);
    for (int epoch : new int[] {0, 2, 3}) {
      for (int run = 0; run < 2; run++) {
        Network expected =
            GraphCompiler.compile(
                TrainableGraphs.create(Kind.TASK1, 10 * (run + 1) + epoch, Optimiser.ADAM, 0.001),
                new Shape(1, 28, 28),
                new ReferenceKernels());
        String key = "m%s@%s".formatted(run, epoch);
        Examined found = explorer.examine(key, image, ImageChange.NONE);
        float[] p = expected.predict(PixelScale.SYMMETRIC.apply(image, 1, 1), 1);
        float[] w = floats(explorer.weights(key, "conv1", 0).values());
        for (int k = 0; k < 10; k++) {
          assertThat(found.scratch().get(k)).isCloseTo(p[k], within(1e-6));
          assertThat(found.library().get(k)).isCloseTo(p[k], within(1e-6));
          assertThat(found.exact().get(k)).isCloseTo(p[k], within(1e-6));
        }
        assertThat(w[0]).isEqualTo(expected.parameters()[0]);
        assertThat(explorer.mistakes(key).examined()).isEqualTo(2000);
      }
    }
    assertThat(explorer.examine("m0", image, ImageChange.NONE).scratch())
        .isEqualTo(explorer.examine("m0@2", image, ImageChange.NONE).scratch());
    assertThatThrownBy(() -> explorer.model("m0@1"))
        .isInstanceOf(Explorer.UnknownException.class)
        .hasMessageContainingAll("no weights of epoch 1", "[0, 2, 3]");
    assertThatThrownBy(() -> explorer.model("m0@x")).hasMessageContaining("m0@3 expected");
    assertThatThrownBy(() -> explorer.model("m9@1")).hasMessageContaining("no model 'm9@1'");
  }

  @Test
  void oldImagesAreForgotten() {
    add(graph(Kind.TASK1), DIGIT);
    String first = explorer.examine("m0", pixels(784), ImageChange.NONE).id();
    for (int i = 0; i < 64; i++) {
      explorer.examine("m0", pixels(784), ImageChange.NONE);
    }
    assertThatThrownBy(() -> explorer.maps(first, "conv1", 0, 1))
        .isInstanceOf(Explorer.UnknownException.class);
  }

  @Test
  void modelsWithoutImagesAreRefused() {
    ComputationGraph graph = graph(Kind.TASK1);
    assertThatThrownBy(() -> add(graph, new ArrayLayout(List.of(784))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("images [H, W, 1] or [H, W, 3] expected");
  }

  @Test
  void scalesAreThoseOfTheirFormulas() {
    byte[] image = {0, (byte) 255, 51, 1, 2, 3};
    assertThat(PixelScale.SYMMETRIC.apply(image, 1, 1)).startsWith(-1f, 1f, -0.6f);
    assertThat(PixelScale.UNIT.apply(image, 1, 1)).startsWith(0f, 1f, 0.2f);
    // Channels first.
    assertThat(PixelScale.BYTES.apply(image, 1, 3)).containsExactly(0, 1, 255, 2, 51, 3);
  }
}

package cnnlab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.Mnist;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the recorded models along every path: the evaluation of runs, layer by layer, and
 * Deeplearning4j.
 */
class RecordedModelsTest {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedModelsTest.class);
  private static final Path RECORDED = Path.of("results/reference");
  private static final int IMAGES = 200;

  /** Float rounding of probabilities through ten layers. */
  private static final float ROUNDING = 5e-6f;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  static List<Path> models() throws IOException {
    try (Stream<Path> runs = Files.list(RECORDED)) {
      return runs.map(run -> run.resolve("model.zip")).filter(Files::exists).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void saysTheSameByEveryPath(Path file) {
    ComputationGraph graph = ModelFiles.load(file);
    boolean digits = file.getParent().getFileName().toString().matches("task[12].*");
    Shape shape = digits ? new Shape(1, 28, 28) : new Shape(3, 32, 32);
    float[] x = digits ? digits() : random(IMAGES * shape.size());
    Network network = GraphCompiler.compile(graph, shape, Kernels.best());
    Node last = network.nodes().get(network.nodes().size() - 1);
    float[] layerByLayer = network.activations(x, IMAGES).get(last.name());
    float[] library;
    float[] predicted;
    try (Engine scratch = ScratchEngine.forInference(network, 2);
        Engine dl4j = new Dl4jEngine(graph, shape.channels(), shape.height(), shape.width())) {
      predicted = scratch.predict(x, IMAGES);
      library = dl4j.predict(x, IMAGES);
    }
    float fused = largest(predicted, layerByLayer);
    float other = largest(predicted, library);
    LOG.info(
        "{}: as evaluated against layer by layer {}, against DL4J {}; pooled to one pixel: {}",
        file,
        fused,
        other,
        network.nodes().stream()
            .filter(n -> n.layer().kind().equals("MaxPool2d") && n.shape().isVector())
            .map(Node::name)
            .toList());
    assertThat(fused).isLessThanOrEqualTo(ROUNDING);
    assertThat(other).isLessThanOrEqualTo(ROUNDING);
  }

  private static float[] digits() {
    var test = Mnist.load(Path.of("datasets")).test();
    int[] order = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      order[i] = i;
    }
    return test.batch(order, 0, IMAGES);
  }

  private static float[] random(int count) {
    Random random = new Random(1);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = 2 * random.nextFloat() - 1;
    }
    return x;
  }

  private static float largest(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}

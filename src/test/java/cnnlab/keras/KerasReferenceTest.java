package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.crosscheck.Check;
import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.LibraryActivations;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.data.file.NpyArray;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both engines agree with Keras, layer by layer. */
class KerasReferenceTest {
  private static final double OUTPUT = 2e-6;
  private static final double LAYER = 1e-5;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  static Stream<Path> files() {
    return Reference.files();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void bothEnginesAgreeWithKeras(Path file) {
    Reference keras = Reference.of(file);
    KerasModel model = KerasFile.read(file);
    int n = keras.inputs().shape()[0];
    Map<String, float[]> library = new HashMap<>();
    LibraryActivations.of(model.graph(), input(model, keras))
        .forEach((name, values) -> library.put(name, values.dup('c').data().asFloat()));
    Shape image = new Shape(model.channels(), model.height(), model.width());
    requireSame("DL4J", keras, library, model);
    float[] predicted = model.graph().outputSingle(input(model, keras)).dup('c').data().asFloat();
    assertThat(model.inputShape()).isEqualTo(withoutFirst(keras.inputs()));
    assertThat(model.outputShape()).isEqualTo(withoutFirst(keras.outputs()));
    requireOutput("DL4J as it predicts", keras, predicted);
    for (Kernels kernels : List.of(new ReferenceKernels(), Kernels.best())) {
      Network network = GraphCompiler.compile(model.graph(), image, kernels);
      requireSame(
          "from scratch, " + kernels.getClass().getSimpleName(),
          keras,
          network.activations(keras.images(), n),
          model);
      // A different path through the layers than that of the activations.
      String predicts = "from scratch as it predicts, " + kernels.name();
      requireOutput(predicts, keras, network.predict(keras.images(), n));
    }
  }

  private static INDArray input(KerasModel model, Reference keras) {
    return GraphEnds.input(
        model.graph(),
        keras.images(),
        keras.inputs().shape()[0],
        model.channels(),
        model.height(),
        model.width());
  }

  private static List<Integer> withoutFirst(NpyArray array) {
    return Arrays.stream(array.shape()).skip(1).boxed().toList();
  }

  /** Derived bounds instead of the limits above, for every layer of every file. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void differencesAreWhatRoundingAllows(Path file) {
    Reference keras = Reference.of(file);
    KerasModel model = KerasFile.read(file);
    Shape image = new Shape(model.channels(), model.height(), model.width());
    Network network = GraphCompiler.compile(model.graph(), image, new ReferenceKernels());
    ModelComparison result =
        ModelComparison.of(
            model.graph(),
            network,
            keras.images(),
            keras.inputs().shape()[0],
            null,
            keras.outputs().shape().length == 2 ? keras.outputs().data() : null,
            null);
    assertThat(result.checks()).allMatch(Check::passed);
    assertThat(result.layers())
        .allMatch(l -> l.rounding().passed(), "within its bounds")
        .anyMatch(l -> l.rounding().library().values() > 0);
  }

  private static void requireSame(
      String engine, Reference keras, Map<String, float[]> values, KerasModel model) {
    int compared = 0;
    Shape image = new Shape(model.channels(), model.height(), model.width());
    Set<String> sequences =
        GraphCompiler.compile(model.graph(), image, new ReferenceKernels()).nodes().stream()
            .filter(node -> isSequence(node.shape(), keras.layers().get(node.name())))
            .map(Node::name)
            .collect(Collectors.toSet());
    for (String name : keras.names()) {
      float[] ours = values.get(name);
      if (ours == null) {
        continue;
      }
      compared++;
      NpyArray theirs = inOrderOf(model.graph(), name, keras.layers());
      theirs = sequences.contains(name) ? turned(theirs) : Reference.channelsFirst(theirs);
      Difference d = Difference.between(theirs.data(), ours);
      assertThat(d.relative()).as("%s, layer %s: %s", engine, name, d).isLessThanOrEqualTo(LAYER);
    }
    assertThat(compared).as(engine).isGreaterThanOrEqualTo(keras.names().size() / 2);
    String output = model.graph().getConfiguration().getNetworkOutputs().get(0);
    requireOutput(engine, keras, values.get(output));
  }

  /** Whether [N, T, C] of Keras is an image of one row here, [N, C, 1, T]. */
  private static boolean isSequence(Shape shape, NpyArray keras) {
    return keras != null
        && keras.shape().length == 3
        && shape.equals(new Shape(keras.shape()[2], 1, keras.shape()[1]));
  }

  private static NpyArray turned(NpyArray array) {
    int[] s = array.shape();
    return new NpyArray(new int[] {s[0], 1, s[1], s[2]}, array.data()).nhwcToNchw();
  }

  private static void requireOutput(String engine, Reference keras, float[] ours) {
    Difference d = Difference.between(Reference.channelsFirst(keras.outputs()).data(), ours);
    boolean probabilities = d.maxReference() <= 1;
    assertThat(probabilities ? d.maxAbs() : d.relative())
        .as("%s, output: %s", engine, d)
        .isLessThanOrEqualTo(probabilities ? OUTPUT : LAYER);
  }

  /** Reorders a vector that contains an image channels first in the graph. */
  private static NpyArray inOrderOf(
      ComputationGraph graph, String name, Map<String, NpyArray> layers) {
    NpyArray array = layers.get(name);
    ComputationGraphConfiguration conf = graph.getConfiguration();
    String at = name;
    while (conf.getVertices().get(at) instanceof LayerVertex v
        && (v.getLayerConf().getLayer() instanceof DropoutLayer
            || v.getLayerConf().getLayer() instanceof ActivationLayer)) {
      at = conf.getVertexInputs().get(at).get(0);
    }
    return conf.getVertices().get(at) instanceof PreprocessorVertex v
            && v.getPreProcessor() instanceof CnnToFeedForwardPreProcessor flatten
        ? new NpyArray(
            array.shape(),
            NpyArray.nhwcToNchw(
                array.data(),
                array.shape()[0],
                (int) flatten.getInputHeight(),
                (int) flatten.getInputWidth(),
                (int) flatten.getNumChannels()))
        : array;
  }
}

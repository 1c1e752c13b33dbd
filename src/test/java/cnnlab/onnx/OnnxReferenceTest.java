package cnnlab.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.crosscheck.Check;
import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelLoader;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both engines compute with exported models what ONNX Runtime does. */
class OnnxReferenceTest {
  private static final double OUTPUT = 1e-5;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  static Stream<Path> files() {
    return OnnxModels.files();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void bothEnginesAgreeWithOnnxRuntime(Path file) {
    NpyArray expected = NpyFile.read(OnnxModels.outputs(file));
    LoadedModel model = ModelLoader.open(file);
    ModelInputs x =
        ModelInputs.of(OnnxModels.inputs(file), NpyFile.read(OnnxModels.inputs(file)), model);
    assertThat(model.output().arrayShape(x.count())).isEqualTo(expected.shape());
    float[] wanted = model.output().channelsFirst(expected.data(), x.count());
    Shape s = x.shape();
    float[] library =
        model
            .graph()
            .outputSingle(
                GraphEnds.input(
                    model.graph(), x.values(), x.count(), s.channels(), s.height(), s.width()))
            .dup('c')
            .data()
            .asFloat();
    requireSame("DL4J", wanted, library);
    for (Kernels kernels : List.of(new ReferenceKernels(), Kernels.best())) {
      Network network = GraphCompiler.compile(model.graph(), s, kernels);
      assertThat(ArrayLayout.of(network.outputShape()).size()).isEqualTo(model.output().size());
      requireSame(kernels.name(), wanted, network.predict(x.values(), x.count()));
    }
  }

  private static void requireSame(String engine, float[] expected, float[] found) {
    Difference d = Difference.between(expected, found);
    assertThat(d.maxAbs())
        .as("%s: %s", engine, d)
        .isLessThanOrEqualTo(OUTPUT * Math.max(1, d.maxReference()));
  }

  /** Derived bounds instead of the limit above, for every layer. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void differencesAreWhatRoundingAllows(Path file) {
    LoadedModel model = ModelLoader.open(file);
    ModelInputs x =
        ModelInputs.of(OnnxModels.inputs(file), NpyFile.read(OnnxModels.inputs(file)), model);
    Network network = GraphCompiler.compile(model.graph(), x.shape(), new ReferenceKernels());
    ModelComparison result =
        ModelComparison.of(model.graph(), network, x.values(), x.count(), null, null, null);
    assertThat(result.checks()).allMatch(Check::passed);
    assertThat(result.layers()).allMatch(l -> l.rounding().passed(), "within its bounds");
  }
}

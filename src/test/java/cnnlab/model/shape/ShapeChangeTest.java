package cnnlab.model.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.file.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Changes of shape that come from ONNX files: what they compute, refuse and keep in model files.
 */
class ShapeChangeTest {
  @TempDir Path folder;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @Test
  void savedModelsKeepThem() throws IOException {
    AxisRegrouping shuffle =
        new AxisRegrouping(
            new long[] {4, 3, 2}, new long[] {2, 2, 6}, new int[] {1, 0, 2}, new long[] {4, 3, 2});
    Resampling rows =
        new Resampling(
            new long[] {3, 2},
            new int[][] {{2}, {0, 1}, {}},
            new double[][] {{1}, {0.25, 0.75}, {}},
            new int[][] {{0}, {1}},
            new double[][] {{1}, {1}});
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(InputType.convolutional(3, 2, 4))
                .addVertex("shuffle", new PreprocessorVertex(shuffle), "x")
                .addVertex("rows", new PreprocessorVertex(rows), "shuffle")
                .addLayer("conv", new ConvolutionLayer.Builder(1, 1).nOut(1).build(), "rows")
                .setOutputs("conv")
                .validateOutputLayerConfig(false)
                .build());
    graph.init();
    Path file = folder.resolve("model.zip");
    ModelFiles.save(graph, file);
    ComputationGraph again = ModelFiles.load(file);
    INDArray x = Nd4j.rand(2, 4, 3, 2);
    assertThat(again.outputSingle(x)).isEqualTo(graph.outputSingle(x));
    assertThat(again.feedForward(x, false).get("rows").shape()).containsExactly(2, 4, 3, 2);
    float channel = x.getFloat(1, 2, 2, 1);
    assertThat(again.feedForward(x, false).get("rows").getFloat(1, 1, 0, 1)).isEqualTo(channel);
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThatThrownBy(
            () ->
                new AxisRegrouping(
                    new long[] {4}, new long[] {2, 3}, new int[] {0, 1}, new long[] {6}))
        .hasMessageContaining("as many values");
    assertThatThrownBy(
            () ->
                new AxisRegrouping(
                    new long[] {6}, new long[] {2, 3}, new int[] {0, 0}, new long[] {6}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new Resampling(
                    new long[] {2, 1},
                    new int[][] {{2}},
                    new double[][] {{1}},
                    new int[][] {{0}},
                    new double[][] {{1}}))
        .hasMessageContaining("not among the 2");
    assertThatThrownBy(
            () ->
                new Resampling(
                    new long[] {2, 1},
                    new int[][] {{1}},
                    new double[][] {{}},
                    new int[][] {{0}},
                    new double[][] {{1}}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

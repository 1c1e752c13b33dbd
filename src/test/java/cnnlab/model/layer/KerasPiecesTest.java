package cnnlab.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.model.file.ModelFiles;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The layers that DL4J lacks, inside DL4J graphs: files, gradients, training. */
class KerasPiecesTest {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  static List<IActivation> activations() {
    return List.of(
        new GeluExact(),
        new GeluTanh(),
        new Silu(),
        new Softplus(),
        new LogSigmoid(),
        new Mish(),
        new HardSigmoid(),
        new HardSilu(),
        new Exponential(),
        new ExponentialLinear(0.7),
        new RectifiedLinear(6.0, 0.25, 0.5),
        new RectifiedLinear(null, 0, 1),
        new ChannelSoftmax(),
        new LogSoftmax());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("activations")
  void aSavedGraphLoadsAgain(IActivation activation, @TempDir Path directory) throws Exception {
    GraphBuilder builder =
        builder(2)
            .addVertex(
                "rescale",
                new PreprocessorVertex(
                    new ChannelAffine(new float[] {0.5f, 2}, new float[] {-1, 0.1f})),
                "input")
            .addLayer(
                "conv",
                new ConvolutionLayer.Builder(2, 2).nOut(3).activation(activation).build(),
                "rescale")
            .addLayer("norm", new PartialBatchNormalization(false, true), "conv")
            .addLayer("activation", new ActivationLayer(activation), "norm")
            .addVertex(
                "flatten", new PreprocessorVertex(new ChannelsLastFlatten(3, 2, 3)), "activation")
            .addLayer("out", out(), "flatten");
    ComputationGraph graph = init(builder);
    Path file = directory.resolve("model.zip");
    ModelFiles.save(graph, file);
    ComputationGraph loaded = ModelFiles.load(file);
    assertThat(loaded.getConfiguration()).isEqualTo(graph.getConfiguration());
    var vertex = (LayerVertex) loaded.getConfiguration().getVertices().get("activation");
    assertThat(((ActivationLayer) vertex.getLayerConf().getLayer()).getActivationFn())
        .isEqualTo(activation);
    INDArray x = Nd4j.rand(DataType.FLOAT, 4, 2, 4, 3);
    assertThat(loaded.outputSingle(x.dup())).isEqualTo(graph.outputSingle(x.dup()));
    assertThat(graph.outputSingle(x).sumNumber().doubleValue()).isNotNaN();
  }

  private static GraphBuilder builder(int channels) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(1e-2))
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(InputType.convolutional(4, 3, channels));
  }

  private static OutputLayer out() {
    return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
        .nOut(2)
        .activation(Activation.SOFTMAX)
        .build();
  }

  private static ComputationGraph init(GraphBuilder builder) {
    ComputationGraph graph = new ComputationGraph(builder.setOutputs("out").build());
    graph.init();
    return graph;
  }

  @Test
  void agreesWithAnAffineMapComputedByHand() {
    INDArray x = Nd4j.createFromArray(1f, 2f, 3f, 4f).reshape(1, 2, 1, 2);
    ChannelAffine each = new ChannelAffine(new float[] {2, 10}, new float[] {1, -1});
    assertThat(each.preProcess(x, 1, NO_WORKSPACES).ravel().toFloatVector())
        .containsExactly(3, 5, 29, 39);
    assertThat(each.backprop(x, 1, NO_WORKSPACES).ravel().toFloatVector())
        .containsExactly(2, 4, 30, 40);
    ChannelAffine all = new ChannelAffine(new float[] {2}, new float[] {-1});
    assertThat(all.preProcess(x.reshape(2, 2), 2, NO_WORKSPACES).ravel().toFloatVector())
        .containsExactly(1, 3, 5, 7);
    assertThat(x.ravel().toFloatVector()).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> each.getOutputType(InputType.convolutional(4, 4, 3)))
        .hasMessageContaining("for 2 channels");
    assertThatThrownBy(() -> new ChannelAffine(new float[2], new float[3]))
        .hasMessageContaining("2 scales and 3 offsets");
  }

  @Test
  void flattensChannelsLast() {
    ChannelsLastFlatten flatten = new ChannelsLastFlatten(1, 2, 2);
    INDArray x = Nd4j.createFromArray(1f, 2f, 10f, 20f).reshape(1, 2, 1, 2);
    INDArray flat = flatten.preProcess(x, 1, NO_WORKSPACES);
    assertThat(flat.ravel().toFloatVector()).containsExactly(1, 10, 2, 20);
    assertThat(flatten.backprop(flat, 1, NO_WORKSPACES)).isEqualTo(x);
    assertThatThrownBy(() -> flatten.getOutputType(InputType.convolutional(2, 2, 2)))
        .hasMessageContaining("1 x 2, 2 channels");
  }

  @Test
  void doesNotTrainFixedBatchNormalisationParameters() {
    for (boolean gamma : new boolean[] {true, false}) {
      ComputationGraph graph =
          init(
              builder(1)
                  .addLayer("conv", new ConvolutionLayer.Builder(2, 2).nOut(2).build(), "input")
                  .addLayer("norm", new PartialBatchNormalization(gamma, !gamma), "conv")
                  .addLayer("out", out(), "norm"));
      INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}});
      for (int step = 0; step < 3; step++) {
        graph.fit(new INDArray[] {Nd4j.rand(DataType.FLOAT, 3, 1, 4, 3)}, new INDArray[] {labels});
      }
      float[] gammas = graph.getParam("norm_gamma").ravel().toFloatVector();
      float[] betas = graph.getParam("norm_beta").ravel().toFloatVector();
      assertThat(gammas[0] == 1 && gammas[1] == 1).isEqualTo(!gamma);
      assertThat(betas[0] == 0 && betas[1] == 0).isEqualTo(gamma);
      assertThat(graph.getParam("norm_mean").ravel().toFloatVector()[0]).isNotZero();
    }
  }
}

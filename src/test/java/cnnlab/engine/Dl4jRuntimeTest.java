package cnnlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNSubsamplingHelper;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class Dl4jRuntimeTest {
  private static final String HELPERS_DISABLED = "org.eclipse.deeplearning4j.helpers.disable";
  private static final int IMAGES = 7;
  private static final int SIDE = 12;
  private static final double TOLERANCE = 1e-5;

  private String helpersDisabled;
  private boolean helpersAllowed;

  @BeforeEach
  void remember() {
    helpersDisabled = System.getProperty(HELPERS_DISABLED);
    helpersAllowed = Nd4j.getEnvironment().helpersAllowed();
  }

  /** Restores DL4J's settings for other tests in this JVM. */
  @AfterEach
  void restore() {
    if (helpersDisabled == null) {
      System.clearProperty(HELPERS_DISABLED);
    } else {
      System.setProperty(HELPERS_DISABLED, helpersDisabled);
    }
    Nd4j.getEnvironment().allowHelpers(helpersAllowed);
  }

  @Test
  void computesTheSameWithAndWithoutOneDnn() {
    Dl4jRuntime.Status with = Dl4jRuntime.configure(true, 1);
    assumeTrue(
        with.oneDnnAvailable(),
        () -> "the native binary " + with.binary() + " has no oneDNN: nothing to compare");
    assertThat(with.oneDnn()).isTrue();
    ComputationGraph fast = graph();
    assertThat(fast.getLayer("conv").getHelper()).isInstanceOf(MKLDNNConvHelper.class);
    assertThat(fast.getLayer("pool").getHelper()).isInstanceOf(MKLDNNSubsamplingHelper.class);
    assertThat(fast.getLayer("norm").getHelper()).isInstanceOf(MKLDNNBatchNormHelper.class);
    Map<String, float[]> fastValues = values(fast);
    // The helper is still in use: DL4J silently drops a helper that fails.
    assertThat(fast.getLayer("conv").getHelper()).isInstanceOf(MKLDNNConvHelper.class);

    Dl4jRuntime.Status without = Dl4jRuntime.configure(false, 1);
    assertThat(without.oneDnn()).isFalse();
    assertThat(without.oneDnnAvailable()).isTrue();
    ComputationGraph plain = graph();
    for (String layer : new String[] {"conv", "pool", "norm", "dense"}) {
      assertThat(plain.getLayer(layer).getHelper()).as(layer).isNull();
    }
    Map<String, float[]> plainValues = values(plain);

    assertThat(fastValues.keySet())
        .isEqualTo(plainValues.keySet())
        .contains("inference dense", "training norm", "gradient conv_W", "gradient norm_gamma");
    fastValues.forEach((name, a) -> assertClose(name, plainValues.get(name), a));
    // The two computations differ; identical bits would mean that one of them was not used.
    assertThat(fastValues.get("gradient conv_W")).isNotEqualTo(plainValues.get("gradient conv_W"));
  }

  @Test
  void statusTellsTheThreadsAndTheBinary() {
    Dl4jRuntime.Status status = Dl4jRuntime.configure(false, 1);
    assertThat(status.oneDnn()).isFalse();
    assertThat(status.threads()).isEqualTo(1);
    assertThat(status.binary()).matches("(linux|macosx|windows)-(x86_64|arm64)(-onednn.*)?");
  }

  /** Conv 5@3x3 same relu – MaxPool 2x2 – BatchNorm – Dense 4 softmax on [N, 2, 12, 12]. */
  private static ComputationGraph graph() {
    var builder =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .updater(new NoOp())
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(SIDE, SIDE, 2))
            .addLayer(
                "conv",
                new ConvolutionLayer.Builder(3, 3)
                    .nOut(5)
                    .convolutionMode(ConvolutionMode.Same)
                    .activation(Activation.RELU)
                    .build(),
                "input")
            .addLayer(
                "pool",
                new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
                "conv")
            .addLayer("norm", new BatchNormalization(), "pool")
            .addLayer(
                "dense",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                    .nOut(4)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "norm")
            .setOutputs("dense");
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    return graph;
  }

  /** All activations, at inference and at training, and all gradients. */
  private static Map<String, float[]> values(ComputationGraph graph) {
    Random random = new Random(3);
    float[] pixels = new float[IMAGES * 2 * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    INDArray images = Nd4j.create(pixels, new long[] {IMAGES, 2, SIDE, SIDE}, 'c');
    INDArray labels = Nd4j.zeros(IMAGES, 4);
    for (int i = 0; i < IMAGES; i++) {
      labels.putScalar(i, i % 4, 1);
    }
    Map<String, float[]> values = new LinkedHashMap<>();
    graph.feedForward(images, false).forEach((k, v) -> values.put("inference " + k, floats(v)));
    graph.feedForward(images, true).forEach((k, v) -> values.put("training " + k, floats(v)));
    graph.setInput(0, images);
    graph.setLabel(0, labels);
    graph.computeGradientAndScore();
    graph
        .gradient()
        .gradientForVariable()
        .forEach((k, v) -> values.put("gradient " + k, floats(v)));
    values.put("score", new float[] {(float) graph.score()});
    return values;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  /** max |a − b| ≤ 1e-5 · max |a|. */
  private static void assertClose(String what, float[] expected, float[] actual) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double scale = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
      assertThat(actual[i]).as(what).isFinite();
    }
    assertThat(worst).as(what).isLessThanOrEqualTo(TOLERANCE * scale);
  }
}

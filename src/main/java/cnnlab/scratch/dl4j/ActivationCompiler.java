package cnnlab.scratch.dl4j;

import static cnnlab.scratch.dl4j.UnsupportedGraphException.require;

import cnnlab.model.layer.ChannelSoftmax;
import cnnlab.model.layer.Exponential;
import cnnlab.model.layer.ExponentialLinear;
import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.GeluTanh;
import cnnlab.model.layer.HardSigmoid;
import cnnlab.model.layer.HardSilu;
import cnnlab.model.layer.LogSigmoid;
import cnnlab.model.layer.LogSoftmax;
import cnnlab.model.layer.Mish;
import cnnlab.model.layer.RectifiedLinear;
import cnnlab.model.layer.Silu;
import cnnlab.model.layer.Softplus;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.Activation.Kind;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Softmax;
import java.util.Map;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/** Translates a DL4J activation function into a layer of the engine. */
final class ActivationCompiler {
  private static final double SIXTH = 1 / 6.0;

  /** Functions without arguments: DL4J's and those of cnnlab.model.layer. */
  private static final Map<Class<? extends IActivation>, Activation> PLAIN =
      Map.ofEntries(
          Map.entry(ActivationIdentity.class, Activation.LINEAR),
          Map.entry(ActivationReLU6.class, Activation.relu(6, 0, 0)),
          Map.entry(ActivationSELU.class, of(Kind.SELU)),
          Map.entry(ActivationSigmoid.class, Activation.SIGMOID),
          Map.entry(LogSigmoid.class, of(Kind.LOG_SIGMOID)),
          Map.entry(ActivationHardSigmoid.class, new Activation(Kind.HARD_SIGMOID, 0.2f)),
          Map.entry(HardSigmoid.class, new Activation(Kind.HARD_SIGMOID, (float) SIXTH)),
          Map.entry(ActivationTanH.class, Activation.TANH),
          Map.entry(ActivationHardTanH.class, of(Kind.HARD_TANH)),
          Map.entry(GeluExact.class, Activation.GELU),
          Map.entry(GeluTanh.class, Activation.GELU_TANH),
          Map.entry(ActivationSwish.class, of(Kind.SILU)),
          Map.entry(Silu.class, of(Kind.SILU)),
          Map.entry(HardSilu.class, of(Kind.HARD_SILU)),
          Map.entry(ActivationSoftPlus.class, of(Kind.SOFTPLUS)),
          Map.entry(Softplus.class, of(Kind.SOFTPLUS)),
          Map.entry(ActivationSoftSign.class, of(Kind.SOFTSIGN)),
          Map.entry(ActivationMish.class, of(Kind.MISH)),
          Map.entry(Mish.class, of(Kind.MISH)),
          Map.entry(Exponential.class, of(Kind.EXPONENTIAL)));

  private ActivationCompiler() {}

  private static Activation of(Kind kind) {
    return new Activation(kind, 0);
  }

  /** Whether the function is max(x, 0), which convolutions and dense layers compute themselves. */
  static boolean isRelu(IActivation f) {
    return f instanceof ActivationReLU relu
        && relu.getMax() == null
        && isZero(relu.getThreshold())
        && isZero(relu.getNegativeSlope());
  }

  private static boolean isZero(Double value) {
    return value == null || value == 0;
  }

  /**
   * The layer that applies a function.
   *
   * @param found the layer that has the function, for messages
   * @param image whether it is applied to an image
   * @throws UnsupportedGraphException when the engine does not support it
   */
  static Layer layer(String name, Object found, IActivation f, boolean image) {
    if (f instanceof ActivationSoftmax) {
      require(
          !image,
          name,
          found,
          "softmax along the rows of an image (cnnlab.model.layer.ChannelSoftmax goes over the channels)");
      return new Softmax();
    } else if (f instanceof ChannelSoftmax) {
      return new Softmax();
    } else if (f instanceof LogSoftmax) {
      return new cnnlab.scratch.layer.LogSoftmax();
    }
    return new Activate(elementwise(name, found, f));
  }

  private static Activation elementwise(String name, Object found, IActivation f) {
    if (isRelu(f)) {
      return Activation.RELU;
    } else if (f instanceof ActivationReLU relu) {
      return Activation.relu(
          relu.getMax() == null ? Double.POSITIVE_INFINITY : relu.getMax(),
          relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope(),
          relu.getThreshold() == null ? 0 : relu.getThreshold());
    } else if (f instanceof RectifiedLinear relu) {
      return Activation.relu(relu.maxValue(), relu.negativeSlope(), relu.threshold());
    } else if (f instanceof ActivationThresholdedReLU relu) {
      return Activation.relu(Double.POSITIVE_INFINITY, 0, relu.getTheta());
    } else if (f instanceof ActivationLReLU leaky) {
      return Activation.leakyRelu(leaky.getAlpha());
    } else if (f instanceof ActivationELU elu) {
      return Activation.elu(elu.getAlpha());
    } else if (f instanceof ExponentialLinear elu) {
      return Activation.elu(elu.alpha());
    } else if (f instanceof ActivationGELU gelu) {
      // DL4J's "precise" GELU cubes 0.044715·x instead of x: a variant used by no other library.
      require(!gelu.isPrecise(), name, found, "gelu(precise=true)");
      return Activation.GELU_SIGMOID;
    }
    Activation plain = PLAIN.get(f.getClass());
    require(plain != null, name, found, "activation " + f);
    return plain;
  }
}

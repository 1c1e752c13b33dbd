package cnnlab.model.file;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.cfg.MapperConfig;
import org.nd4j.shade.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * The classes that the configuration in a model file may name: the parts of DL4J's image networks
 * and the classes of this project. Jackson creates objects of the named classes, so every other
 * name is refused.
 */
final class AllowedClasses extends PolymorphicTypeValidator.Base {
  private static final long serialVersionUID = 1L;

  private static final String CONF = "org.deeplearning4j.nn.conf.";
  private static final String ND4J = "org.nd4j.linalg.";
  private static final String OURS = "cnnlab.model.layer";

  private static final String OUR_NAMES =
      "ChannelAffine ChannelSoftmax ChannelsLastFlatten CosineSchedule Exponential"
          + " ExponentialLinear GeluExact GeluTanh GroupConvolution HardSigmoid HardSilu LogSigmoid"
          + " LogSoftmax Mish PartialBatchNormalization RectifiedLinear Silu Softplus";

  /** The package of this project's classes up to version 0.1.0, which old files still name. */
  private static final Pattern BEFORE =
      Pattern.compile(
          "(\"@class\"\\s*:\\s*\")cnnlab\\.model\\.(" + OUR_NAMES.replace(' ', '|') + ")\"");

  private static final Map<String, String> SIMPLE_NAMES =
      Map.ofEntries(
          Map.entry(
              CONF + "graph",
              "ElementWiseVertex FrozenVertex L2NormalizeVertex L2Vertex LayerVertex MergeVertex"
                  + " PoolHelperVertex PreprocessorVertex ReshapeVertex ScaleVertex ShiftVertex"
                  + " StackVertex SubsetVertex UnstackVertex"),
          Map.entry(
              CONF + "layers",
              "ActivationLayer BatchNormalization CenterLossOutputLayer CnnLossLayer Convolution2D"
                  + " ConvolutionLayer Deconvolution2D DenseLayer DepthwiseConvolution2D"
                  + " DropoutLayer GlobalPoolingLayer LocalResponseNormalization LossLayer"
                  + " OutputLayer PReLULayer Pooling2D SeparableConvolution2D SpaceToBatchLayer"
                  + " SpaceToDepthLayer SubsamplingLayer Upsampling2D ZeroPaddingLayer"),
          Map.entry(CONF + "layers.convolutional", "Cropping2D"),
          Map.entry(
              CONF + "layers.misc",
              "ElementWiseMultiplicationLayer FrozenLayer FrozenLayerWithBackprop"),
          Map.entry(
              CONF + "preprocessor",
              "CnnToFeedForwardPreProcessor ComposableInputPreProcessor"
                  + " FeedForwardToCnnPreProcessor"),
          Map.entry(
              CONF + "dropout",
              "AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout"),
          Map.entry(CONF + "weightnoise", "DropConnect WeightNoise"),
          Map.entry(
              CONF + "constraint",
              "MaxNormConstraint MinMaxNormConstraint NonNegativeConstraint UnitNormConstraint"),
          Map.entry(
              CONF + "distribution",
              "BinomialDistribution ConstantDistribution GaussianDistribution"
                  + " LogNormalDistribution NormalDistribution OrthogonalDistribution"
                  + " TruncatedNormalDistribution UniformDistribution"),
          Map.entry(
              "org.deeplearning4j.nn.weights",
              "WeightInitConstant WeightInitDistribution WeightInitIdentity WeightInitLecunUniform"
                  + " WeightInitNormal WeightInitRelu WeightInitReluUniform"
                  + " WeightInitSigmoidUniform WeightInitUniform WeightInitVarScalingNormalFanAvg"
                  + " WeightInitVarScalingNormalFanIn WeightInitVarScalingNormalFanOut"
                  + " WeightInitVarScalingUniformFanAvg WeightInitVarScalingUniformFanIn"
                  + " WeightInitVarScalingUniformFanOut WeightInitXavier WeightInitXavierLegacy"
                  + " WeightInitXavierUniform"),
          Map.entry(
              ND4J + "activations.impl",
              "ActivationCube ActivationELU ActivationGELU ActivationHardSigmoid"
                  + " ActivationHardTanH ActivationIdentity ActivationLReLU ActivationMish"
                  + " ActivationRReLU ActivationRationalTanh ActivationReLU ActivationReLU6"
                  + " ActivationRectifiedTanh ActivationSELU ActivationSigmoid ActivationSoftPlus"
                  + " ActivationSoftSign ActivationSoftmax ActivationSwish ActivationTanH"
                  + " ActivationThresholdedReLU"),
          Map.entry(
              ND4J + "lossfunctions.impl",
              "LossBinaryXENT LossCosineProximity LossFMeasure LossHinge LossKLD LossL1 LossL2"
                  + " LossMAE LossMAPE LossMCXENT LossMSE LossMSLE LossMultiLabel"
                  + " LossNegativeLogLikelihood LossPoisson LossSparseMCXENT LossSquaredHinge"
                  + " LossWasserstein"),
          Map.entry(
              ND4J + "learning.config",
              "AMSGrad AdaBelief AdaDelta AdaGrad AdaMax Adam Nadam Nesterovs NoOp RmsProp Sgd"),
          Map.entry(
              ND4J + "learning.regularization", "L1Regularization L2Regularization WeightDecay"),
          Map.entry(
              ND4J + "schedule",
              "CycleSchedule ExponentialSchedule FixedSchedule InverseSchedule MapSchedule"
                  + " PolySchedule RampSchedule SigmoidSchedule StepSchedule"),
          Map.entry("cnnlab.model.norm", "GroupNormalization"),
          Map.entry("cnnlab.model.product", "MatrixProduct"),
          Map.entry(
              "cnnlab.model.shape",
              "AxisPermutation AxisRegrouping BilinearResize ChannelSelection ChannelsLastReshape"
                  + " InputPart Repetition Resampling"),
          Map.entry(OURS, OUR_NAMES));

  /** The full names of the allowed classes. */
  static final Set<String> NAMES =
      SIMPLE_NAMES.entrySet().stream()
          .flatMap(
              room -> Stream.of(room.getValue().split(" ")).map(name -> room.getKey() + "." + name))
          .collect(Collectors.toUnmodifiableSet());

  /** Whether a configuration may name a class, by its current name or that of version 0.1.0. */
  static boolean allows(String name) {
    return NAMES.contains(name)
        || NAMES.contains(name.replaceFirst("^cnnlab\\.model\\.", OURS + "."));
  }

  /** The configuration with the current names. */
  static String renamed(String json) {
    return BEFORE.matcher(json).replaceAll("$1" + OURS + ".$2\"");
  }

  @Override
  public Validity validateBaseType(MapperConfig<?> config, JavaType baseType) {
    return Validity.INDETERMINATE;
  }

  /** Called before the class is loaded. */
  @Override
  public Validity validateSubClassName(
      MapperConfig<?> config, JavaType baseType, String subClassName) {
    return NAMES.contains(subClassName) ? Validity.ALLOWED : Validity.DENIED;
  }
}

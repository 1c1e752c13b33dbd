package cnnlab.scratch.dl4j;

import static cnnlab.scratch.dl4j.UnsupportedGraphException.require;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.train.GradientClip;
import cnnlab.scratch.train.NetworkTrainer;
import cnnlab.scratch.train.Objective;
import cnnlab.scratch.train.Optimizer;
import cnnlab.scratch.train.Penalty;
import cnnlab.scratch.train.Schedule;
import cnnlab.scratch.train.WeightDecay;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Reads from a DL4J graph how to train it: loss, optimiser, learning rate, l1 and l2, weight decay,
 * clipping.
 */
public final class TrainingCompiler {
  private TrainingCompiler() {}

  /**
   * The graph's options for training.
   *
   * @param network compiled from the graph
   * @param averageDecay of averaged weights in [0, 1), 0 for none
   * @param maxBatch the largest batch
   * @param seed of dropout's random numbers
   * @throws UnsupportedGraphException when the graph asks for something that the engine does not
   *     support
   */
  public static NetworkTrainer.Options options(
      ComputationGraph graph, Network network, double averageDecay, int maxBatch, long seed) {
    return new NetworkTrainer.Options(
        objective(graph),
        optimizer(graph),
        penalties(graph, network),
        decays(graph, network),
        clips(graph, network),
        averageDecay,
        maxBatch,
        seed);
  }

  /** The limits of the gradients' norms, one for each array of parameters. */
  private static List<GradientClip> clips(ComputationGraph graph, Network network) {
    List<GradientClip> clips = new ArrayList<>();
    for (Node node : network.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        if (p.trainable()
            && graph.getLayer(GraphCompiler.vertexOf(graph, node)).conf().getLayer()
                instanceof BaseLayer layer
            && layer.getGradientNormalization() == GradientNormalization.ClipL2PerParamType) {
          clips.add(new GradientClip(at, at + p.size(), layer.getGradientNormalizationThreshold()));
        }
        at += p.size();
      }
    }
    return clips;
  }

  /**
   * The graph's optimiser.
   *
   * @throws UnsupportedGraphException when layers have different optimisers, or one that the engine
   *     does not support
   */
  public static Optimizer optimizer(ComputationGraph graph) {
    IUpdater found = null;
    for (var entry : graph.getConfiguration().getVertices().entrySet()) {
      if (!(entry.getValue() instanceof LayerVertex v)) {
        continue;
      }
      checkTraining(entry.getKey(), v.getLayerConf());
      if (v.getLayerConf().getLayer() instanceof BaseLayer layer) {
        checkLayer(entry.getKey(), layer);
        if (found != null && !found.equals(layer.getIUpdater())) {
          throw new UnsupportedGraphException(
              entry.getKey(), layer, "an updater other than that of the layers before");
        }
        found = layer.getIUpdater();
      }
    }
    return optimizer(found);
  }

  /** Refuses options of any layer that the engine does not support in training. */
  private static void checkTraining(String name, NeuralNetConfiguration conf) {
    org.deeplearning4j.nn.conf.layers.Layer layer = conf.getLayer();
    require(
        conf.isMiniBatch(), name, layer, "miniBatch(false): a sum of gradients, not their mean");
    require(conf.isMinimize(), name, layer, "a loss to be made larger");
    require(
        conf.getOptimizationAlgo() == OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT,
        name,
        layer,
        "optimisation by " + conf.getOptimizationAlgo());
    List<LayerConstraint> constraints = layer.getConstraints();
    require(
        constraints == null || constraints.isEmpty(),
        name,
        layer,
        "constraints on weights: " + constraints);
  }

  private static void checkLayer(String name, BaseLayer layer) {
    IUpdater ofBiases = layer.getBiasUpdater();
    require(
        ofBiases == null || ofBiases.equals(layer.getIUpdater()),
        name,
        layer,
        "an updater of its own for biases: " + ofBiases);
    GradientNormalization normalization = layer.getGradientNormalization();
    // DL4J would clip the running averages of batch normalisation too.
    require(
        normalization == GradientNormalization.None
            || normalization == GradientNormalization.ClipL2PerParamType
                && !(layer instanceof BatchNormalization),
        name,
        layer,
        "gradient normalisation " + normalization);
    if (layer.getWeightNoise() != null) {
      throw new UnsupportedGraphException(name, layer, "weight noise");
    }
    if (loss(layer) != null) {
      objective(name, layer);
    }
  }

  private static ILossFunction loss(Object layer) {
    return layer instanceof OutputLayer out
        ? out.getLossFn()
        : layer instanceof LossLayer last ? last.getLossFn() : null;
  }

  /**
   * The loss of the graph's output.
   *
   * @throws UnsupportedGraphException when the output has none, or one that the engine does not
   *     support
   */
  public static Objective objective(ComputationGraph graph) {
    String name = graph.getConfiguration().getNetworkOutputs().get(0);
    Object vertex = graph.getConfiguration().getVertices().get(name);
    Object layer = vertex instanceof LayerVertex v ? v.getLayerConf().getLayer() : vertex;
    return objective(name, layer);
  }

  private static Objective objective(String name, Object layer) {
    ILossFunction loss = loss(layer);
    if (loss instanceof LossMCXENT l && l.getWeights() == null) {
      return Objective.CATEGORICAL_CROSS_ENTROPY;
    } else if (loss instanceof LossBinaryXENT l && l.getWeights() == null) {
      return Objective.BINARY_CROSS_ENTROPY;
    } else if (loss != null && loss.getClass() == LossMSE.class && unweighted((LossMSE) loss)) {
      return Objective.SQUARED_ERROR;
    }
    throw new UnsupportedGraphException(
        name,
        layer,
        "%s, only MCXENT (categorical cross-entropy), XENT (binary cross-entropy) and MSE, without weights"
            .formatted(loss == null ? "training without a loss" : "loss " + loss));
  }

  private static boolean unweighted(LossMSE loss) {
    return loss.getWeights() == null;
  }

  private static Optimizer optimizer(IUpdater updater) {
    if (updater instanceof Adam adam && updater.getClass() == Adam.class) {
      return new Optimizer.Adam(
          schedule(adam.getLearningRate(), adam.getLearningRateSchedule()),
          adam.getBeta1(),
          adam.getBeta2(),
          adam.getEpsilon());
    } else if (updater instanceof Sgd sgd) {
      return new Optimizer.Sgd(schedule(sgd.getLearningRate(), sgd.getLearningRateSchedule()), 0);
    } else if (updater instanceof Nesterovs n && n.getMomentumISchedule() == null) {
      return new Optimizer.Sgd(
          schedule(n.getLearningRate(), n.getLearningRateSchedule()), n.getMomentum());
    }
    throw new IllegalArgumentException(
        "updater %s: the from-scratch engine has Adam, Sgd and Nesterovs without momentum schedule"
            .formatted(updater));
  }

  private static Schedule schedule(double rate, ISchedule schedule) {
    if (schedule == null) {
      return new Schedule.Constant(rate);
    } else if (schedule instanceof StepSchedule s
        && s.getScheduleType() == ScheduleType.ITERATION) {
      return new Schedule.Step(s.getInitialValue(), s.getDecayRate(), s.getStep());
    } else if (schedule instanceof ExponentialSchedule e
        && e.getScheduleType() == ScheduleType.ITERATION) {
      return new Schedule.Exponential(e.getInitialValue(), e.getGamma());
    }
    if (!schedule.getClass().getName().startsWith("org.nd4j.")) {
      // CNN Lab's schedules use the iteration; DL4J's may use the epoch, which the engine does not
      // know.
      return new Schedule.Function(step -> schedule.valueAt(Math.toIntExact(step), 0));
    }
    throw new IllegalArgumentException(
        "learning-rate schedule %s: the from-scratch engine has step and exponential by iteration"
            .formatted(schedule.getClass().getSimpleName()));
  }

  /**
   * The graph's l1 and l2 penalties on the parameters of the network compiled from it.
   *
   * @throws UnsupportedGraphException when a layer has another kind of regularisation
   */
  public static List<Penalty> penalties(ComputationGraph graph, Network network) {
    List<Penalty> penalties = new ArrayList<>();
    for (Node node : network.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        if (p.trainable()) {
          add(graph, node, p, at, penalties);
        }
        at += p.size();
      }
    }
    return penalties;
  }

  /**
   * The graph's decoupled weight decay on the parameters of the network compiled from it.
   *
   * @throws UnsupportedGraphException when a decay is not multiplied by the learning rate
   */
  public static List<WeightDecay> decays(ComputationGraph graph, Network network) {
    List<WeightDecay> decays = new ArrayList<>();
    for (Node node : network.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        if (p.trainable()) {
          String name = GraphCompiler.vertexOf(graph, node);
          var conf = graph.getLayer(name).conf().getLayer();
          double lambda = lambda(name, conf, regularization(conf, node, p));
          if (lambda > 0) {
            decays.add(new WeightDecay(at, at + p.size(), lambda));
          }
        }
        at += p.size();
      }
    }
    return decays;
  }

  private static double lambda(String name, Object conf, List<Regularization> list) {
    double lambda = 0;
    for (Regularization r : list) {
      if (r instanceof org.nd4j.linalg.learning.regularization.WeightDecay decay) {
        if (!decay.isApplyLR()) {
          throw new UnsupportedGraphException(name, conf, "weight decay without the learning rate");
        }
        lambda += constant(name, conf, "weight decay", decay.getCoeff());
      }
    }
    return lambda;
  }

  private static double constant(String name, Object conf, String what, ISchedule schedule) {
    require(
        schedule instanceof FixedSchedule,
        name,
        conf,
        "%s that changes in training: %s".formatted(what, schedule.getClass().getSimpleName()));
    return schedule.valueAt(0, 0);
  }

  private static List<Regularization> regularization(
      org.deeplearning4j.nn.conf.layers.Layer conf, Node node, Layer.Parameter parameter) {
    List<Regularization> list =
        conf.getRegularizationByParam(GraphParameters.key(conf, node, parameter));
    return list == null ? List.of() : list;
  }

  private static void add(
      ComputationGraph graph,
      Node node,
      Layer.Parameter parameter,
      int begin,
      List<Penalty> penalties) {
    String name = GraphCompiler.vertexOf(graph, node);
    var conf = graph.getLayer(name).conf().getLayer();
    double l1 = 0;
    double l2 = 0;
    for (Regularization r : regularization(conf, node, parameter)) {
      if (r instanceof L1Regularization one) {
        l1 += constant(name, conf, "L1", one.getL1());
      } else if (r instanceof L2Regularization two) {
        l2 += constant(name, conf, "L2", two.getL2());
      } else if (!(r instanceof org.nd4j.linalg.learning.regularization.WeightDecay)) {
        throw new UnsupportedGraphException(name, conf, r.getClass().getSimpleName());
      }
    }
    if (l1 > 0 || l2 > 0) {
      penalties.add(new Penalty(begin, begin + parameter.size(), l1, l2));
    }
  }
}

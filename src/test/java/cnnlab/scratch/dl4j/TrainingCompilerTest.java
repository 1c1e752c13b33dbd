package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Training options of a graph that the engine does not support are refused by name. */
class TrainingCompilerTest {
  private static final ISchedule FALLING =
      new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9);

  static Stream<Arguments> refused() {
    return Stream.of(
        of("updater of its own for biases", b -> b.biasUpdater(new Sgd(0.1))),
        of("miniBatch(false)", b -> b.miniBatch(false)),
        of("constraints", b -> b.constrainWeights(new NonNegativeConstraint())),
        of("constraints", b -> b.constrainBias(new NonNegativeConstraint())),
        of("loss to be made larger", b -> b.minimize(false)),
        of("LBFGS", b -> b.optimizationAlgo(OptimizationAlgorithm.LBFGS)),
        of("L1 that changes", b -> b.regularization(List.of(new L1Regularization(FALLING)))),
        of("L2 that changes", b -> b.regularization(List.of(new L2Regularization(FALLING)))),
        of(
            "weight decay that changes",
            b -> b.regularization(List.of(new WeightDecay(FALLING, true)))));
  }

  private static Arguments of(
      String message, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    return Arguments.of(message, setting);
  }

  private static ComputationGraph graph(UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    ComputationGraph graph =
        new ComputationGraph(
            setting
                .apply(new NeuralNetConfiguration.Builder().updater(new Adam(1e-3)))
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.convolutional(2, 2, 1))
                .addLayer("dense", new DenseLayer.Builder().nOut(3).build(), "input")
                .addLayer(
                    "out",
                    new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(),
                    "dense")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  private static void compile(ComputationGraph graph) {
    Network network = GraphCompiler.compile(graph, new Shape(1, 2, 2), new ReferenceKernels());
    TrainingCompiler.optimizer(graph);
    TrainingCompiler.penalties(graph, network);
    TrainingCompiler.decays(graph, network);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void isNamed(String message, UnaryOperator<NeuralNetConfiguration.Builder> setting) {
    ComputationGraph graph = graph(setting);
    assertThatThrownBy(() -> compile(graph))
        .isInstanceOf(UnsupportedGraphException.class)
        .hasMessageContainingAll("'dense' (DenseLayer)", message);
  }

  @Test
  void biasesMayHaveTheSameUpdater() {
    ComputationGraph graph = graph(b -> b.biasUpdater(new Adam(1e-3)).l1(1e-3).l2(1e-2));
    compile(graph);
    Network network = GraphCompiler.compile(graph, new Shape(1, 2, 2), new ReferenceKernels());
    assertThat(TrainingCompiler.penalties(graph, network)).hasSize(2);
  }
}

package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.crosscheck.LibraryActivations;
import cnnlab.model.LymphNodeCnn;
import cnnlab.scratch.Network;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.Penalty;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The report's Task 3 network: its size, its activations and its penalties. */
class LymphNodeNetworkTest {
  private static final List<Kernels> KERNELS = List.of(new ReferenceKernels(), Kernels.best());
  private static final Shape IMAGE =
      new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH);

  private static ComputationGraph graph(double dropout) {
    return LymphNodeCnn.create(1, new Adam(1e-3), dropout);
  }

  @Test
  void isTheReports() {
    ComputationGraph graph = graph(LymphNodeCnn.DROPOUT);
    assertThat(graph.numParams()).isEqualTo(924_874);
    for (Kernels kernels : KERNELS) {
      Network network = TestGraphs.assertSame(graph, IMAGE, kernels, 9, 5e-6);
      assertThat(network.parameters()).hasSize(924_874);
      assertThat(
              network.nodes().stream().map(Node::layer).filter(Dropout.class::isInstance).toList())
          .containsExactly(new Dropout(0.98), new Dropout(0.98));
    }
  }

  @Test
  void penaltyIsKeras() {
    ComputationGraph graph = graph(0);
    int n = 3;
    float[] x = TestGraphs.random(n * IMAGE.size(), 2);
    float[] y = TestNetworks.targets(n, LymphNodeCnn.CLASSES, 3);
    INDArray images =
        Nd4j.create(x, new long[] {n, IMAGE.channels(), IMAGE.height(), IMAGE.width()}, 'c');
    graph.setInputs(images);
    graph.setLabels(Nd4j.create(y, new long[] {n, LymphNodeCnn.CLASSES}, 'c'));
    graph.computeGradientAndScore();
    float[] p = LibraryActivations.of(graph, images).get("out").dup('c').data().asFloat();
    double crossEntropy = 0;
    for (int i = 0; i < p.length; i++) {
      crossEntropy -= y[i] * Math.log(p[i]) / n;
    }
    double byHand = 0;
    for (String dense : List.of("dense1_W", "dense2_W", "dense3_W", "dense4_W")) {
      for (float w : graph.getParam(dense).dup('c').data().asFloat()) {
        byHand += 0.0002 * Math.abs(w) + 0.001 * w * w;
      }
    }
    assertThat(graph.score() - crossEntropy).isCloseTo(byHand, within(1e-5 * byHand));
    for (Kernels kernels : KERNELS) {
      Network network = GraphCompiler.compile(graph, IMAGE, kernels);
      assertThat(penalty(network)).isCloseTo(byHand, within(1e-5 * byHand));
    }
  }

  private static double penalty(Network network) {
    double sum = 0;
    float[] gradients = new float[network.parameters().length];
    for (Node node : network.nodes()) {
      if (node.layer() instanceof Dense d && d.relu()) {
        int begin = node.parameterOffset();
        Penalty p =
            new Penalty(
                begin, begin + d.in() * d.out(), LymphNodeCnn.L1, 2 * LymphNodeCnn.KERAS_L2);
        float l1 = (float) p.l1();
        float l2 = (float) p.l2();
        sum +=
            network
                .kernels()
                .addPenalty(network.parameters(), gradients, p.begin(), p.end(), l1, l2);
      }
    }
    return sum;
  }
}

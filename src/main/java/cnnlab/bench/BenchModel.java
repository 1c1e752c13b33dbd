package cnnlab.bench;

import cnnlab.model.GraphSize;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.MnistCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The networks that are measured. */
public enum BenchModel {
  /** The lab's network for MNIST. */
  TASK1(new Shape(1, 28, 28), 10),
  /** The report's network for PatchCamelyon. */
  TASK3(new Shape(3, 32, 32), 2);

  static final long SEED = 1;

  private final Shape input;
  private final int classes;

  BenchModel(Shape input, int classes) {
    this.input = input;
    this.classes = classes;
  }

  Shape input() {
    return input;
  }

  int classes() {
    return classes;
  }

  ComputationGraph graph() {
    var adam = Updaters.adam(1e-3, 0.9, 0.999, 1e-7);
    return this == TASK1
        ? MnistCnn.create(SEED, adam)
        : LymphNodeCnn.create(SEED, adam, LymphNodeCnn.DROPOUT);
  }

  /** The size of the network. */
  GraphSize size() {
    return this == TASK1 ? MnistCnn.size() : LymphNodeCnn.size();
  }

  /**
   * Multiplications and additions in convolutions and dense layers for one image: 2·O·C·KH·KW·OH·OW
   * and 2·in·out in the forward pass. Training adds the same number for the gradient of the weights
   * and, except in the first layer, for the gradient of the input.
   *
   * @param mode {@code train} or {@code infer}
   */
  long operations(String mode) {
    Network network = GraphCompiler.compile(graph(), input, new ReferenceKernels());
    long sum = 0;
    boolean first = true;
    for (Node node : network.nodes()) {
      long forward = 0;
      if (node.layer() instanceof Conv2d c) {
        long taps = (long) c.inChannels() * c.window().kernelHeight() * c.window().kernelWidth();
        forward = 2 * taps * node.shape().size();
      } else if (node.layer() instanceof Dense d) {
        forward = 2L * d.in() * d.out();
      }
      sum += mode.equals("train") ? (first ? 2 : 3) * forward : forward;
      first &= forward == 0;
    }
    return sum;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

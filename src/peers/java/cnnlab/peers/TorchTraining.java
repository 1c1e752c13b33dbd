package cnnlab.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import cnnlab.bench.worker.Runner;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.train.NetworkTrainer;
import cnnlab.scratch.train.Objective;
import cnnlab.scratch.train.Optimizer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Training in PyTorch: its gradients and its Adam, with the penalties, weight decay and averaged
 * weights of the network.
 */
final class TorchTraining implements Runner {
  private final TorchNetwork network;
  private final Optimizer.Adam adam;
  private final double averageDecay;
  private final List<Trained> all = new ArrayList<>();
  private long step;

  /**
   * One trained parameter.
   *
   * @param w its values
   * @param mean Adam's first moment
   * @param square Adam's second moment
   * @param average averaged values, or null
   * @param l1 the factor of Σ|w|
   * @param l2 the factor of Σw²/2
   * @param decay λ of decoupled weight decay
   */
  private record Trained(
      NDArray w,
      NDArray mean,
      NDArray square,
      NDArray average,
      double l1,
      double l2,
      double decay) {}

  /**
   * @throws UnsupportedOperationException when the network is trained in a way that is not
   *     translated
   */
  TorchTraining(TorchNetwork network) {
    this.network = network;
    NetworkTrainer.Options options = network.model().trainingOptions();
    List<Node> nodes = network.network().nodes();
    if (!(options.optimizer() instanceof Optimizer.Adam found)
        || options.objective() != Objective.CATEGORICAL_CROSS_ENTROPY
        || !options.clips().isEmpty()
        || !(nodes.get(nodes.size() - 1).layer() instanceof Softmax)) {
      throw new UnsupportedOperationException(
          "only softmax with cross-entropy and Adam is translated for PyTorch");
    }
    this.adam = found;
    this.averageDecay = options.averageDecay();
    for (int k = 0; k < nodes.size(); k++) {
      int at = nodes.get(k).parameterOffset();
      List<Layer.Parameter> parameters = nodes.get(k).layer().parameters();
      for (int i = 0; i < parameters.size(); i++) {
        if (parameters.get(i).trainable()) {
          add(network.parameters(k).get(i), at, options);
        }
        at += parameters.get(i).size();
      }
    }
  }

  private void add(NDArray w, int at, NetworkTrainer.Options options) {
    double l1 = 0;
    double l2 = 0;
    for (var penalty : options.penalties()) {
      if (penalty.begin() == at) {
        l1 += penalty.l1();
        l2 += penalty.l2();
      }
    }
    double decay = 0;
    for (var found : options.decays()) {
      decay += found.begin() == at ? found.lambda() : 0;
    }
    w.setRequiresGradient(true);
    all.add(
        new Trained(
            w,
            w.zerosLike(),
            w.zerosLike(),
            averageDecay > 0 ? w.duplicate() : null,
            l1,
            l2,
            decay));
  }

  @Override
  public float[] predict(float[] x, int n) {
    return network.predict(x, n);
  }

  @Override
  public double train(float[] x, float[] y, int n) {
    try (NDManager call = network.manager().newSubManager()) {
      // What is computed from a parameter belongs to the parameter's manager.
      all.forEach(p -> p.w.tempAttach(call));
      double value;
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray loss = loss(call, x, y, n);
        collector.backward(loss);
        value = loss.getFloat();
      }
      update();
      step++;
      return value;
    }
  }

  private NDArray loss(NDManager call, float[] x, float[] y, int n) {
    int logits = network.network().nodes().size() - 1;
    NDArray out = network.forward(network.images(call, x, n), logits, true);
    NDArray targets = call.create(FloatBuffer.wrap(y), new Shape(n, y.length / n));
    NDArray loss = out.logSoftmax(1).mul(targets).sum().mul(-1.0f / n);
    for (Trained t : all) {
      if (t.l1 > 0) {
        loss = loss.add(t.w.abs().sum().mul((float) t.l1));
      }
      if (t.l2 > 0) {
        loss = loss.add(t.w.square().sum().mul((float) (t.l2 / 2)));
      }
    }
    return loss;
  }

  /** As our Adam: ε is outside the bias correction. */
  private void update() {
    double rate = adam.schedule().at(step);
    double t = step + 1.0;
    double corrected =
        rate * Math.sqrt(1 - Math.pow(adam.beta2(), t)) / (1 - Math.pow(adam.beta1(), t));
    float keep = (float) NetworkTrainer.averageDecay(averageDecay, step);
    for (Trained p : all) {
      NDArray gradient = p.w.getGradient();
      p.w
          .getNDArrayInternal()
          .adamUpdate(
              new NDList(p.w, gradient, p.mean, p.square),
              new NDList(p.w),
              (float) rate,
              (float) corrected,
              (float) p.decay,
              1,
              -1,
              (float) adam.beta1(),
              (float) adam.beta2(),
              (float) adam.epsilon(),
              false,
              true);
      gradient.subi(gradient);
      if (p.average != null) {
        p.average.muli(keep).addi(p.w.mul(1 - keep));
      }
    }
  }

  @Override
  public void close() {
    network.close();
  }
}

package cnnlab.bench.worker;

import cnnlab.bench.model.BenchModel;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether an engine computes what the network from scratch computes on its plain loops. What
 * computes something else is not measured.
 */
public final class Agreement {
  private static final int IMAGES = 16;

  /** Of the largest output; float32 rounding is a hundredth of it in a network of 50 layers. */
  private static final double OUTPUT_LIMIT = 1e-4;

  /** Of the loss, after up to two steps of Adam, which enlarges rounding of small gradients. */
  private static final double LOSS_LIMIT = 1e-3;

  private final Map<String, double[]> outputs = new HashMap<>();
  private final Map<String, double[]> losses = new HashMap<>();

  /**
   * The finding about an engine.
   *
   * @param refused why the engine cannot do it; empty if it can
   * @param difference how its results differ by more than rounding; empty if they do not
   */
  public record Finding(String refused, String difference) {
    static final Finding AGREES = new Finding("", "");

    /** Whether it may be measured. */
    public boolean agrees() {
      return refused.isEmpty() && difference.isEmpty();
    }
  }

  /**
   * Compares an engine's outputs for 16 random inputs.
   *
   * @throws IOException when the process ends
   */
  public Finding outputs(WorkerProcess worker, BenchModel model) throws IOException {
    Answer answer = worker.ask(new Request(model.name(), Request.Task.OUTPUTS, IMAGES, 0));
    if (!answer.done()) {
      return new Finding(answer.refused(), "");
    }
    double[] expected = outputs.computeIfAbsent(model.name(), name -> expectedOutputs(model));
    double scale = 0;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    return compare("outputs", expected, answer.values(), OUTPUT_LIMIT * scale);
  }

  private static double[] expectedOutputs(BenchModel model) {
    float[] x = RandomInputs.of(model, IMAGES).batch(0);
    return BenchWorker.doubles(model.network(new ReferenceKernels()).predict(x, IMAGES));
  }

  /**
   * Compares the losses of three steps of training without dropout. Model files are not compared.
   *
   * @throws IOException when the process ends
   */
  public Finding learning(WorkerProcess worker, BenchModel model) throws IOException {
    if (!EngineNames.isPeer(worker.engine())) {
      return Finding.AGREES;
    }
    Answer answer = worker.ask(new Request(model.name(), Request.Task.LEARNING, IMAGES, 0));
    if (!answer.done()) {
      return new Finding(answer.refused(), "");
    }
    double[] expected = losses.get(model.name());
    if (expected == null) {
      expected =
          BenchWorker.losses(
              Runners.open(EngineNames.REFERENCE, model.withoutDropout().orElseThrow(), true, 1),
              RandomInputs.of(model, IMAGES),
              IMAGES);
      losses.put(model.name(), expected);
    }
    return compare("losses", expected, answer.values(), LOSS_LIMIT * expected[0]);
  }

  private static Finding compare(String what, double[] expected, double[] found, double limit) {
    if (expected.length != found.length) {
      return new Finding(
          "", "%s %s found, %s expected".formatted(found.length, what, expected.length));
    }
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(expected[i] - found[i]);
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    return largest <= limit
        ? Finding.AGREES
        : new Finding(
            "",
            "its %s differ from ours by up to %s, more than %s"
                .formatted(what, Numbers.scientific(largest), Numbers.scientific(limit)));
  }
}

package cnnlab.engine;

import java.util.OptionalDouble;

/**
 * Where and how a training diverged. From there on its numbers are NaN or infinite and therefore
 * meaningless.
 *
 * @param epoch the epoch in which it was noticed, 1, 2, ...
 * @param batch the batch of that epoch, 1, 2, ...; 0 when it was noticed after the epoch's last
 *     batch
 * @param what the quantity that is not finite, such as {@code the loss}
 * @param value its value, NaN or infinite
 */
public record Divergence(int epoch, int batch, String what, double value) {

  /** Whether it was noticed before training had changed a weight. */
  private boolean beforeTheFirstStep() {
    return epoch == 1 && batch == 1;
  }

  /** One line: {@code epoch 3, batch 12: the loss is NaN}. */
  @Override
  public String toString() {
    // Concatenated rather than formatted, so that the text is the same in every locale.
    String where = batch == 0 ? "after epoch " + epoch : "epoch " + epoch + ", batch " + batch;
    return where + ": " + what + " is " + value;
  }

  /** A sentence that tells the user what to try. */
  public String advice() {
    return beforeTheFirstStep()
        ? "No step had been taken yet, so the cause is in the initial weights (init) or in the images."
        : "Try a smaller optimizer.learningRate.";
  }

  /** The first value that is NaN or infinite, if any. */
  public static OptionalDouble firstOf(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return OptionalDouble.of(value);
      }
    }
    return OptionalDouble.empty();
  }
}

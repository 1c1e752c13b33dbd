package cnnlab.engine;

import java.util.OptionalDouble;

/**
 * Where and how a training diverged: from there on its numbers are NaN or infinite, and nothing
 * that follows says anything about the images.
 *
 * @param epoch in which it was noticed, 1, 2, ...
 * @param batch of that epoch, 1, 2, ...; 0 when it was noticed after the epoch's last batch
 * @param what is not finite, such as {@code the loss}
 * @param value NaN or infinite
 */
public record Divergence(int epoch, int batch, String what, double value) {

  /** Whether training had not yet changed a weight when its first number was not finite. */
  private boolean beforeTheFirstStep() {
    return epoch == 1 && batch == 1;
  }

  /** One line: {@code epoch 3, batch 12: the loss is NaN}. */
  @Override
  public String toString() {
    // Concatenated, not formatted: the same text in every locale.
    String where = batch == 0 ? "after epoch " + epoch : "epoch " + epoch + ", batch " + batch;
    return where + ": " + what + " is " + value;
  }

  /** What the user can try, as a sentence. */
  public String advice() {
    return beforeTheFirstStep()
        ? "No step had been taken, so the weights that training began with (init) or the images are at fault."
        : "Try a smaller optimizer.learningRate.";
  }

  /** The first value that is NaN or infinite, if there is one. */
  public static OptionalDouble firstOf(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return OptionalDouble.of(value);
      }
    }
    return OptionalDouble.empty();
  }
}

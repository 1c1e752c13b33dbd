package cnnlab.model.summary;

import java.util.List;

/**
 * One layer of a model.
 *
 * @param name unique in the model
 * @param kind its class and its most important settings, such as {@code Convolution 3x3, relu}
 * @param output shape of its output for one example, channels last: [H, W, C] or [F]
 * @param trainable number of weights that training changes
 * @param fixed number of stored values that training does not optimise: running averages, frozen
 *     weights
 * @param products multiply-accumulates of one example: one for each product of a weight of a
 *     convolution or dense layer and an input; other layers have none
 * @param inputs names of the layers that it reads
 */
public record LayerSummary(
    String name,
    String kind,
    List<Long> output,
    long trainable,
    long fixed,
    long products,
    List<String> inputs) {

  /** The number of stored values: weights, biases and running averages. */
  public long parameters() {
    return trainable + fixed;
  }

  /** The number of values of the output. */
  public long values() {
    return output.stream().reduce(1L, (a, b) -> a * b);
  }

  /** Bytes of the parameters and of the output of one example, as 32-bit floats. */
  public long bytes() {
    return Float.BYTES * (parameters() + values());
  }
}

package cnnlab.explorer;

import java.util.List;

/**
 * How one value of a layer came about: the numbers that went into it, and what each engine has.
 * Sums are computed here in double precision from the inputs that the network from scratch has.
 *
 * @param layer name of the layer
 * @param kind kind of the layer
 * @param equation what the layer computes, as text
 * @param channel the value's channel, from 0
 * @param row the value's row, from 0
 * @param column the value's column, from 0
 * @param parts the sums that are added up, those with the largest absolute sum first if some are
 *     left out
 * @param omitted the number of parts that are left out
 * @param omittedSum their sum
 * @param bias the bias, or null if there is none
 * @param sum the sum of all parts and the bias, before the function; null if nothing is summed
 * @param function what is applied to the sum, such as {@code ReLU}; empty for nothing
 * @param result the value as computed here; null for layers that are not explained
 * @param scratch the value from scratch
 * @param library DL4J's value, or null if DL4J does not show it
 * @param exact the value in double precision, or null without that network
 */
public record ValueStory(
    String layer,
    String kind,
    String equation,
    int channel,
    int row,
    int column,
    List<Part> parts,
    int omitted,
    double omittedSum,
    Double bias,
    Double sum,
    String function,
    Double result,
    double scratch,
    Double library,
    Double exact) {

  /**
   * Numbers that belong together, such as a window on one channel.
   *
   * @param name what they are, such as {@code channel 2}
   * @param rows their height
   * @param columns their width
   * @param inputs x [rows, columns]; null outside the image, where convolution takes 0
   * @param weights w [rows, columns], or null if the layer has none
   * @param sum the sum of the products or, for pooling, the maximum or the mean
   * @param inputChannel the channel of the input, from 0
   * @param inputRow the row of the first number in the input; may be negative
   * @param inputColumn the column of the first number in the input; may be negative
   */
  public record Part(
      String name,
      int rows,
      int columns,
      List<Double> inputs,
      List<Double> weights,
      double sum,
      int inputChannel,
      int inputRow,
      int inputColumn) {}
}

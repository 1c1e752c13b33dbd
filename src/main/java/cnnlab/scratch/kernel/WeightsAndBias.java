package cnnlab.scratch.kernel;

/**
 * A layer's weights and bias in an array that holds those of the whole network: its parameters, or
 * their gradients.
 *
 * @param values the array
 * @param weights the position of the first weight
 * @param bias the position of the first bias, or {@link #NO_BIAS}
 */
public record WeightsAndBias(float[] values, int weights, int bias) {
  /** The {@code bias} of a layer without one. */
  public static final int NO_BIAS = -1;

  /** Whether the layer has a bias. */
  public boolean hasBias() {
    return bias != NO_BIAS;
  }
}

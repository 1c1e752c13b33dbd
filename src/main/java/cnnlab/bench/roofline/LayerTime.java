package cnnlab.bench.roofline;

/**
 * How long one step of a forward pass takes.
 *
 * @param layer the name of the layer, of several computed as one joined by {@code +}; {@link
 *     #LAYOUT} for the conversion of inputs and outputs
 * @param kind the kind of layer
 * @param seconds of all threads together, for one batch: the median of the repeats
 * @param multiplications for one batch, each with an addition
 * @param bytes for one batch: inputs, outputs, and the weights once
 */
public record LayerTime(
    String layer, String kind, double seconds, double multiplications, double bytes) {
  /** Stands for the conversion between [N, C, H, W] and the layout of the engine. */
  public static final String LAYOUT = "(layout)";
}

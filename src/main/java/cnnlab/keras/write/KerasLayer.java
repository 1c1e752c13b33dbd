package cnnlab.keras.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A layer as Keras describes it.
 *
 * @param className Keras' class, such as {@code Conv2D}
 * @param name unique in the model
 * @param config its arguments, without name, trainable and dtype
 * @param inputs names of the layers that it reads; none for the input
 * @param output shape of its output for one example: [H, W, C], [H, W] or [F]
 * @param weights its variables, in the order in which Keras creates them
 */
record KerasLayer(
    String className,
    String name,
    ObjectNode config,
    List<String> inputs,
    List<Integer> output,
    List<WeightValues> weights) {

  static final String INPUT = "InputLayer";

  /** Whether Keras writes that it is called with {@code training=True}; random layers are. */
  boolean augments() {
    return className.startsWith("Random");
  }
}

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

  /** The function {@code keras.ops.gelu}, of which no layer has the approximation by tanh. */
  static final String GELU = "Gelu";

  /** The function {@code keras.ops.matmul}. */
  static final String MATMUL = "Matmul";

  /** Whether it is a function of {@code keras.ops} rather than a layer. */
  boolean isOperation() {
    return className.equals(GELU) || className.equals(MATMUL);
  }

  /** Whether Keras writes that it is called with {@code training=True}; random layers are. */
  boolean augments() {
    return className.startsWith("Random");
  }
}

package cnnlab.onnx.read;

/** What stands behind a name in the graph: a constant, or what is computed from the input. */
public interface Value {
  /** The sizes of the axes; {@link Tensor#BATCH} for the number of examples. */
  long[] shape();
}

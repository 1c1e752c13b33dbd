package cnnlab.keras.write;

/**
 * An array of weights to be written.
 *
 * @param name Keras' name of the variable, such as {@code kernel}
 * @param values in row-major order
 * @param shape the dimensions
 */
record WeightValues(String name, float[] values, int... shape) {

  /**
   * An array with its dimensions in another order, as numpy's {@code transpose}.
   *
   * @param values in row-major order
   * @param from where its values begin
   * @param shape its dimensions
   * @param order for each dimension of the result the dimension of the given array
   */
  static WeightValues permuted(String name, float[] values, int from, int[] shape, int... order) {
    int rank = shape.length;
    int[] strides = new int[rank];
    int size = 1;
    for (int d = rank - 1; d >= 0; d--) {
      strides[d] = size;
      size *= shape[d];
    }
    int[] made = new int[rank];
    for (int d = 0; d < rank; d++) {
      made[d] = shape[order[d]];
    }
    float[] out = new float[size];
    int[] at = new int[rank];
    for (int i = 0; i < size; i++) {
      int source = from;
      for (int d = 0; d < rank; d++) {
        source += at[d] * strides[order[d]];
      }
      out[i] = values[source];
      for (int d = rank - 1; d >= 0 && ++at[d] == made[d]; d--) {
        at[d] = 0;
      }
    }
    return new WeightValues(name, out, made);
  }
}

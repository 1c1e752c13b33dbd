package cnnlab.data;

/** The target distributions that images are trained on. */
@FunctionalInterface
public interface Targets {
  /**
   * The targets of some images.
   *
   * @param indices images of the set
   * @param from first position in {@code indices}
   * @param to position after the last one
   * @return [to - from, K], a new array; each row sums to 1
   */
  float[] of(int[] indices, int from, int to);

  /** One-hot targets: 1 at the label, 0 elsewhere. */
  static Targets oneHot(ImageSet set) {
    return set::oneHot;
  }

  /**
   * A distribution for each image.
   *
   * @param p distributions of all images of a set [N, K]; not copied
   * @param classes K
   */
  static Targets soft(float[] p, int classes) {
    return (indices, from, to) -> {
      float[] y = new float[(to - from) * classes];
      for (int i = from; i < to; i++) {
        System.arraycopy(p, indices[i] * classes, y, (i - from) * classes, classes);
      }
      return y;
    };
  }
}

package cnnlab.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses a subset of a labelled set and keeps the proportions of the classes. */
public final class StratifiedChoice {
  private StratifiedChoice() {}

  /**
   * Chooses images of two classes at random. Class 1 gets its share of the places, rounded, and
   * class 0 the rest. With the same random stream, a smaller choice is a subset of a larger one.
   *
   * @param labels classes [N], each 0 or 1
   * @param limit the number of images to choose, 1..N
   * @param random the source of randomness; its state advances
   * @return the chosen indices, ascending
   */
  public static int[] of(int[] labels, int limit, SplittableRandom random) {
    int[] zeros = shuffled(labels, 0, random);
    int[] ones = shuffled(labels, 1, random);
    int fromOnes = (int) Math.round((double) limit * ones.length / labels.length);
    return IntStream.concat(
            Arrays.stream(zeros, 0, limit - fromOnes), Arrays.stream(ones, 0, fromOnes))
        .sorted()
        .toArray();
  }

  /** The indices of one class in random order (Fisher–Yates). */
  private static int[] shuffled(int[] labels, int label, SplittableRandom random) {
    int[] indices = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    Split.shuffle(indices, random);
    return indices;
  }
}

package cnnlab.data;

import cnnlab.data.file.DataException;
import cnnlab.data.file.DataFiles;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The division of images into training and validation. The arrays are not copied; do not change
 * them. Two splits are equal when both arrays have the same content.
 *
 * @param train image indices from 0 on, in the order of the shuffle
 * @param validation image indices from 0 on, none of them in {@code train}
 */
public record Split(int[] train, int[] validation) {
  private static final String PART = "part";
  private static final String INDEX = "index";
  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";

  /** The random stream of the shuffle. */
  private static final String STREAM = "split";

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setHeader(PART, INDEX).setRecordSeparator("\n").get();

  /**
   * @throws IllegalArgumentException when an index is negative or occurs twice
   */
  public Split {
    int[] all =
        IntStream.concat(Arrays.stream(train), Arrays.stream(validation)).sorted().toArray();
    for (int i = 0; i < all.length; i++) {
      if (all[i] < 0 || i > 0 && all[i] == all[i - 1]) {
        throw new IllegalArgumentException(
            "split: index %d found; every index must be 0 or more and occur once"
                .formatted(all[i]));
      }
    }
  }

  /**
   * Shuffles 0..n-1 (Fisher–Yates, random stream "split") and uses the last part for validation.
   * The same arguments give the same split; the limit changes neither the validation part nor the
   * order of the training part.
   *
   * @param seed the seed of the run
   * @param n the number of images, at least 0
   * @param validationFraction share of n held out, in [0, 1), rounded to whole images
   * @param trainLimit upper limit on the number of training images, of which the first are kept; 0
   *     keeps all
   * @throws IllegalArgumentException when an argument is out of range, or the limit exceeds the
   *     size of the training part
   */
  public static Split of(long seed, int n, double validationFraction, int trainLimit) {
    if (n < 0 || !(validationFraction >= 0 && validationFraction < 1)) {
      throw new IllegalArgumentException(
          "split: %d images with validation fraction %s; expected 0 or more, and 0 <= fraction < 1"
              .formatted(n, validationFraction));
    }
    int available = n - (int) Math.round(n * validationFraction);
    if (trainLimit < 0 || trainLimit > available) {
      throw new IllegalArgumentException(
          "split: training limit %d; expected 1..%d, or 0 for all %2$d training images"
              .formatted(trainLimit, available));
    }
    int[] order = IntStream.range(0, n).toArray();
    shuffle(order, Seeds.random(seed, STREAM));
    return new Split(
        Arrays.copyOf(order, trainLimit == 0 ? available : trainLimit),
        Arrays.copyOfRange(order, available, n));
  }

  /** Fisher–Yates: every one of the n! orders is equally likely. */
  public static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }

  /**
   * Writes all indices as CSV with the columns {@code part} (train or validation) and {@code
   * index}, in order. The file is written atomically.
   *
   * @param file the file to create or replace; missing folders are created
   * @throws DataException when it cannot be written
   */
  public void write(Path file) {
    DataFiles.write(
        file,
        out -> {
          try (CSVPrinter csv =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
            for (int index : train) {
              csv.printRecord(TRAIN, index);
            }
            for (int index : validation) {
              csv.printRecord(VALIDATION, index);
            }
          }
        });
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Split that
        && Arrays.equals(train, that.train)
        && Arrays.equals(validation, that.validation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(train) + Arrays.hashCode(validation);
  }

  /** Only the sizes, because the indices would fill a log. */
  @Override
  public String toString() {
    return "Split[train=%s, validation=%s]".formatted(train.length, validation.length);
  }
}

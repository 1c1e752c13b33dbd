package cnnlab.data;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Which images are trained on and which are held out for validation. The arrays are held, not
 * copied: do not change them. Two splits are the same when both arrays have the same content.
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

  private static final String REMEDY =
      "Take an unchanged split.csv of a run directory, or make the split anew from its seed.";

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
   * Shuffles 0..n-1 (Fisher–Yates, by the random stream "split") and cuts off the last part for
   * validation. The same arguments give the same split; the limit changes neither the validation
   * part nor the order of training.
   *
   * @param seed the seed of the run
   * @param n how many images there are, from 0
   * @param validationFraction share of n held out, in [0, 1), rounded to whole images
   * @param trainLimit how many of the training part to keep, its first ones; 0 keeps all
   * @throws IllegalArgumentException when an argument is out of its range, or the limit is above
   *     the size of the training part
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
   * index}, in order. The file appears whole or not at all.
   *
   * @param file the file to create or replace; missing folders are made
   * @throws DataException when it cannot be written
   */
  public void write(Path file) {
    AtomicFile.write(
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

  /**
   * Reads what {@link #write} wrote; the order of each part is kept.
   *
   * @param file the CSV file
   * @throws DataException when the file cannot be read, has another header, holds no training
   *     index, or a row that is not a part and an index from 0 on that did not occur before; the
   *     message names the line
   */
  public static Split read(Path file) {
    IntStream.Builder train = IntStream.builder();
    IntStream.Builder validation = IntStream.builder();
    Set<Integer> seen = new HashSet<>();
    try (Reader in = Files.newBufferedReader(file);
        CSVParser csv = CSVParser.parse(in, CSVFormat.DEFAULT)) {
      boolean header = true;
      for (CSVRecord row : csv) {
        long line = csv.getCurrentLineNumber();
        if (header) {
          if (!Arrays.equals(row.values(), new String[] {PART, INDEX})) {
            throw fault(file, line, row, "the header \"" + PART + "," + INDEX + "\"");
          }
          header = false;
        } else {
          String part = row.get(0);
          int index = index(file, line, row);
          if (!seen.add(index)) {
            throw fault(file, line, row, "an index that no line before has");
          }
          (part.equals(TRAIN) ? train : validation).add(index);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(
          file, "a file that cannot be read (" + e + ")", "a split as CSV", REMEDY, e);
    }
    Split split = new Split(train.build().toArray(), validation.build().toArray());
    if (split.train.length == 0) {
      throw new DataException(file, "no training index", "at least one", REMEDY);
    }
    return split;
  }

  private static int index(Path file, long line, CSVRecord row) {
    boolean fits =
        row.size() == 2
            && (row.get(0).equals(TRAIN) || row.get(0).equals(VALIDATION))
            && row.get(1).matches("\\d{1,9}");
    if (!fits) {
      throw fault(file, line, row, "train or validation, and an index from 0 to 999999999");
    }
    return Integer.parseInt(row.get(1));
  }

  private static DataException fault(Path file, long line, CSVRecord row, String expected) {
    return new DataException(
        "%s, line %d: found \"%s\", expected %s. %s"
            .formatted(file, line, String.join(",", row.values()), expected, REMEDY));
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

  /** The sizes only: the indices would fill a log. */
  @Override
  public String toString() {
    return "Split[train=%s, validation=%s]".formatted(train.length, validation.length);
  }
}

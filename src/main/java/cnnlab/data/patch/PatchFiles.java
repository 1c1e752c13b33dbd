package cnnlab.data.patch;

import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.StratifiedChoice;
import cnnlab.data.file.DataException;
import cnnlab.data.file.Hdf5File;
import cnnlab.data.file.Hdf5Images;
import cnnlab.io.Checksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The files of one part of PatchCamelyon.
 *
 * @param name name of the set in messages, such as {@code "PatchCamelyon train"}
 * @param images the HDF5 file with the images as data set {@code x}
 * @param labels the HDF5 file with the labels as data set {@code y}, which may be the same file;
 *     null when there are none
 */
record PatchFiles(String name, Path images, Path labels) {
  static final String X = "x";
  static final String Y = "y";
  private static final int CHANNELS = 3;
  private static final int CLASSES = 2;
  static final int UNLABELLED = -1;

  /** The random stream that chooses the training patches. */
  private static final String STREAM = "patchcamelyon-subset";

  /**
   * Reads the part.
   *
   * @param limit number of patches to choose, 0 for all
   * @param seed the seed of the choice
   * @param crop side of the central square that is kept, in pixels
   * @throws DataException when a file is missing or damaged, the patches are not RGB, a label is
   *     not 0 or 1, the numbers of patches and labels differ, or there are fewer patches than
   *     {@code limit}
   */
  ImageSet read(int limit, long seed, int crop) {
    int[] all = labels == null ? null : readLabels();
    try (Hdf5File file = Hdf5File.open(images)) {
      Hdf5Images x = new Hdf5Images(file, X);
      if (x.channels() != CHANNELS) {
        throw file.fault(
            X, "%d channels".formatted(x.channels()), "3 (RGB)", "Is it the right file?");
      }
      if (all != null && all.length != x.count()) {
        throw file.fault(
            X,
            "%,d patches".formatted(x.count()),
            "%,d, the number of labels in %s, data set \"%s\"".formatted(all.length, labels, Y),
            "Take both files from the same source.");
      }
      int[] chosen = chosen(all, x.count(), limit, seed);
      int[] classes = IntStream.of(chosen).map(i -> all == null ? UNLABELLED : all[i]).toArray();
      return new ImageSet(name, CHANNELS, crop, crop, CLASSES, x.read(chosen, crop), classes);
    }
  }

  private int[] readLabels() {
    try (Hdf5File file = Hdf5File.open(labels)) {
      return file.labels(Y);
    }
  }

  private int[] chosen(int[] all, int count, int limit, long seed) {
    if (limit > count) {
      throw new DataException(
          images,
          "%,d patches".formatted(count),
          "at least %,d, as requested".formatted(limit),
          "Request fewer, or 0 for all.");
    }
    return limit == 0
        ? IntStream.range(0, count).toArray()
        : StratifiedChoice.of(all, limit, Seeds.random(seed, STREAM));
  }

  /**
   * Adds the SHA-256 of the files, by their names.
   *
   * @throws DataException when a file cannot be read
   */
  void addChecksums(Map<String, String> sums) {
    addChecksum(sums, images);
    if (labels != null && !labels.equals(images)) {
      addChecksum(sums, labels);
    }
  }

  private static void addChecksum(Map<String, String> sums, Path file) {
    try {
      sums.put(file.getFileName().toString(), Checksum.SHA_256.hex(file));
    } catch (IOException e) {
      throw new DataException("%s: cannot be read (%s). Is it readable?".formatted(file, e), e);
    }
  }

  /** Whether the file with the images exists. */
  boolean exist() {
    return Files.exists(images);
  }
}

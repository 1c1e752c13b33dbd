package cnnlab.data;

import cnnlab.data.file.DataException;
import cnnlab.data.file.IdxFile;
import cnnlab.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * MNIST: 28x28 grey images of handwritten digits, classes 0..9 (LeCun, Cortes, Burges). The files
 * are embedded in the project; datasets/mnist/README.md gives their origin and licence.
 *
 * @param train 60,000 images, bytes [60000, 28, 28, 1]
 * @param test 10,000 images, bytes [10000, 28, 28, 1]
 */
public record Mnist(ImageSet train, ImageSet test) {
  /** The name of the data set and of its folder. */
  public static final String NAME = "mnist";

  /** SHA-256 of the decompressed files, by their name without {@code .gz}. */
  public static final Map<String, String> SHA256 =
      Map.of(
          "train-images-idx3-ubyte",
          "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
          "train-labels-idx1-ubyte",
          "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
          "t10k-images-idx3-ubyte",
          "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
          "t10k-labels-idx1-ubyte",
          "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

  /** Number of images for training and validation. */
  public static final int TRAIN_IMAGES = 60_000;

  /** Number of images for testing. */
  public static final int TEST_IMAGES = 10_000;

  private static final int SIDE = 28;

  /**
   * Lengths of the decompressed files in bytes, by the same names: a header of 16 or 8 bytes, then
   * the values.
   */
  public static final Map<String, Long> BYTES =
      Map.of(
          "train-images-idx3-ubyte", 16L + TRAIN_IMAGES * SIDE * SIDE,
          "train-labels-idx1-ubyte", 8L + TRAIN_IMAGES,
          "t10k-images-idx3-ubyte", 16L + TEST_IMAGES * SIDE * SIDE,
          "t10k-labels-idx1-ubyte", 8L + TEST_IMAGES);

  private static final int CLASSES = 10;
  private static final String RESTORE =
      "Restore the original: `git checkout -- datasets/mnist`, or see datasets/mnist/README.md.";

  /**
   * Reads the two sets from the sub-folder {@code mnist}: {@code
   * {train,t10k}-{images-idx3,labels-idx1}-ubyte.gz}, or the same files uncompressed.
   *
   * @param datasetsDir the folder that contains {@code mnist}
   * @throws DataException when a file is missing, has the wrong size or shape, or its decompressed
   *     content does not have the SHA-256 in {@link #SHA256}
   */
  public static Mnist load(Path datasetsDir) {
    Path folder = datasetsDir.resolve(NAME);
    return new Mnist(
        set(folder, "MNIST train", "train", TRAIN_IMAGES),
        set(folder, "MNIST test", "t10k", TEST_IMAGES));
  }

  /**
   * Reads the two sets from the first place that has them.
   *
   * @throws DataException when no place has them, or as in {@link #load(Path)}
   */
  public static Mnist load(Datasets datasets) {
    return load(datasets.folder(NAME).getParent());
  }

  /** Checks both files against the same {@code count}, so images and labels agree in number. */
  private static ImageSet set(Path folder, String name, String part, int count) {
    IdxFile labels = read(folder, part + "-labels-idx1-ubyte", count);
    IdxFile images = read(folder, part + "-images-idx3-ubyte", count, SIDE, SIDE);
    int[] classes = new int[count];
    for (int i = 0; i < count; i++) {
      classes[i] = labels.data()[i] & 0xFF;
    }
    return new ImageSet(name, 1, SIDE, SIDE, CLASSES, images.data(), classes);
  }

  private static IdxFile read(Path folder, String name, int... shape) {
    Path file = folder.resolve(name + ".gz");
    if (!Files.exists(file)) {
      file = folder.resolve(name);
    }
    if (!Files.exists(file)) {
      throw new DataException(
          folder.resolve(name + ".gz"),
          "no such file",
          "this MNIST file, compressed or as " + name,
          RESTORE);
    }
    byte[] content = IdxFile.content(file, shape);
    // The shape is checked first: "59,999 images" is a clearer message than a wrong checksum.
    IdxFile idx = IdxFile.parse(file, content, shape);
    String sha256 = Sha256.hex(content);
    if (!sha256.equals(SHA256.get(name))) {
      throw new DataException(
          file, "decompressed content with SHA-256 " + sha256, SHA256.get(name), RESTORE);
    }
    return idx;
  }
}

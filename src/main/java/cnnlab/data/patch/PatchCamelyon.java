package cnnlab.data.patch;

import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.file.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * PatchCamelyon: RGB patches of lymph node sections, class 1 if the central 32x32 pixels contain at
 * least one pixel of tumour, else class 0 (Veeling et al. 2018, from CAMELYON16; CC0).
 *
 * @param train training patches, bytes [N, 32, 32, 3]
 * @param validation validation patches, from other slides
 * @param test test patches from yet other slides, if present; without labels in the course's files
 * @param checksums SHA-256 of the files that were read, by name
 * @param source one line about the source, for reports
 */
public record PatchCamelyon(
    ImageSet train,
    ImageSet validation,
    Optional<ImageSet> test,
    Map<String, String> checksums,
    String source) {
  /** The folder with the course's layout; also the name of the data set. */
  public static final String NAME = "patchcam";

  /** The folder with the official files. */
  public static final String OFFICIAL = "patchcamelyon";

  /** Side of the central square that determines the class, in pixels. */
  public static final int CENTRE = 32;

  /** The names of classes 0 and 1. */
  public static final List<String> CLASSES = List.of("normal", "tumour");

  static final String TITLE = "PatchCamelyon";

  /** An optional file with a line about the origin of the files, for reports. */
  static final String SOURCE_FILE = "SOURCE.txt";

  /**
   * The origin of known training files by their checksum, for folders without {@link #SOURCE_FILE}.
   */
  private static final Map<String, String> KNOWN =
      Map.of(
          "d1b9efeac6c364b8ad1aa156e215d324bb42c8d99e475d42a5546eb8f2cedc5c",
          "JPEG copies (quality 75, 4:2:0) of about 8 % of the official training patches, so that no"
              + " score on them compares with published ones",
          "22b6f6f3519b2975df92bd3873a35f06ae794c103a1c62e58dcf72ef37fab61d",
          "JPEG copies (quality 75, 4:2:0) of about 11 % of the official training patches, so that"
              + " no score on them compares with published ones");

  /**
   * The patches to read.
   *
   * @param limit number of training patches to choose, 0 for all; the proportions of the classes
   *     are kept, and a smaller choice is a subset of a larger one
   * @param seed the seed of the choice
   * @param crop side of the central square that is cut out of every patch, in pixels
   */
  public record Options(int limit, long seed, int crop) {
    /** All training patches, cropped to the central 32x32 pixels. */
    public static final Options ALL = new Options(0, 0, CENTRE);

    /**
     * @throws IllegalArgumentException when a value is out of range
     */
    public Options {
      if (limit < 0 || crop < 1) {
        throw new IllegalArgumentException(
            "limit %d, crop %d found; limit >= 0 and crop >= 1 expected".formatted(limit, crop));
      }
    }
  }

  /**
   * @param checksums copied
   */
  public PatchCamelyon {
    checksums = Collections.unmodifiableMap(new LinkedHashMap<>(checksums));
  }

  /**
   * Reads the data set from the first place that has it, as {@value #NAME} or {@value #OFFICIAL}.
   *
   * @throws DataException when no place has it; the message tells how to get it. Otherwise as in
   *     {@link #load(Path, Options)}
   */
  public static PatchCamelyon load(Datasets datasets, Options options) {
    return load(folder(datasets), options);
  }

  /**
   * The folder of the data set in the first place that has it.
   *
   * @throws DataException when no place has it; the message tells how to get it
   */
  public static Path folder(Datasets datasets) {
    return datasets.find(NAME, OFFICIAL).orElseThrow(() -> new DataException(howToGet(datasets)));
  }

  /**
   * Reads the data set from a folder in one of two layouts. The course's: {@code train.h5} and
   * {@code valid.h5} with data sets x and y, and perhaps {@code test_x.h5} and {@code test_y.h5}.
   * The official one: {@code camelyonpatch_level_2_split_{train,valid,test}_{x,y}.h5}, with
   * optional test files. All may end in {@code .gz}; they are then decompressed once, into the same
   * folder. x is uint8 [N, H, W, 3]; y has any integer type and shape [N], [N, 1] or [N, 1, 1, 1].
   *
   * <p>Apart from the result, N·crop·crop·3 bytes, only one chunk of a file is in memory.
   *
   * @param folder the folder with the files
   * @throws DataException when a file is missing, damaged, or not as described; the message names
   *     the file and the data set
   */
  public static PatchCamelyon load(Path folder, Options options) {
    PatchLayout layout = layout(folder);
    Map<String, String> checksums = new LinkedHashMap<>();
    ImageSet train =
        read(layout.files(folder, PatchLayout.TRAIN), options, options.limit, checksums);
    ImageSet validation = read(layout.files(folder, PatchLayout.VALIDATION), options, 0, checksums);
    PatchFiles testFiles = layout.files(folder, PatchLayout.TEST);
    Optional<ImageSet> test =
        testFiles.exist() ? Optional.of(read(testFiles, options, 0, checksums)) : Optional.empty();
    return new PatchCamelyon(train, validation, test, checksums, source(folder, layout, checksums));
  }

  /**
   * Reads only the validation patches, cropped to the central 32x32 pixels, from the first place
   * that has the data set.
   *
   * @return empty when no place has it
   * @throws DataException as in {@link #load(Path, Options)}
   */
  public static Optional<ImageSet> validation(Datasets datasets) {
    return datasets
        .find(NAME, OFFICIAL)
        .map(folder -> layout(folder).files(folder, PatchLayout.VALIDATION).read(0, 0, CENTRE));
  }

  private static ImageSet read(
      PatchFiles files, Options options, int limit, Map<String, String> checksums) {
    ImageSet set = files.read(limit, options.seed, options.crop);
    files.addChecksums(checksums);
    return set;
  }

  private static PatchLayout layout(Path folder) {
    for (PatchLayout layout : PatchLayout.values()) {
      if (layout.in(folder)) {
        return layout;
      }
    }
    throw new DataException(
        folder,
        "neither layout of PatchCamelyon",
        "train.h5 or camelyonpatch_level_2_split_train_x.h5, possibly with .gz",
        "See datasets/README.md, or fetch the files with `cnnlab datasets fetch patchcamelyon`.");
  }

  private static String source(Path folder, PatchLayout layout, Map<String, String> checksums) {
    String line = TITLE + ", " + layout.description();
    Path file = folder.resolve(SOURCE_FILE);
    if (!Files.exists(file)) {
      return checksums.values().stream()
          .filter(KNOWN::containsKey)
          .findFirst()
          .map(sum -> line + ": " + KNOWN.get(sum))
          .orElse(line);
    }
    try {
      return line + ": " + Files.readString(file).strip().replaceAll("\\s+", " ");
    } catch (IOException e) {
      throw new DataException(
          "%s: cannot be read as UTF-8 text (%s). Correct or remove it.".formatted(file, e), e);
    }
  }

  private static String howToGet(Datasets datasets) {
    return "data set \"%s\": not found. Searched for a folder %s or %s with files in it in %s.%n"
            .formatted(TITLE, NAME, OFFICIAL, datasets.describePlaces())
        + "To get it (8.0 GB): cnnlab datasets fetch patchcamelyon%n".formatted()
        + "Then, once (0.5 GB): cnnlab datasets prepare patchcamelyon --crop 32 --n 100000%n"
            .formatted()
        + "Or put the course's train.h5 and valid.h5 into %s/ and give the folder above it:"
            .formatted(NAME)
        + " --datasets DIR, or the environment variable %s".formatted(Datasets.VARIABLE);
  }
}

package cnnlab.data.patch;

import cnnlab.data.file.Gunzip;
import java.nio.file.Files;
import java.nio.file.Path;

/** The layouts of PatchCamelyon's files in their folder. */
enum PatchLayout {
  /**
   * {@code train.h5} and {@code valid.h5} with x and y; {@code test_x.h5} with x only; {@code
   * test_y.h5} with y if the labels are known.
   */
  COURSE("the course's layout") {
    @Override
    PatchFiles files(Path folder, String part) {
      if (part.equals(TEST)) {
        return new PatchFiles(
            title(part),
            Gunzip.once(folder.resolve(TEST_IMAGES)),
            optional(folder.resolve(TEST_LABELS)));
      }
      Path file = Gunzip.once(folder.resolve(part + ".h5"));
      return new PatchFiles(title(part), file, file);
    }

    @Override
    boolean in(Path folder) {
      return present(folder.resolve("train.h5"));
    }
  },

  /** {@code camelyonpatch_level_2_split_{train,valid,test}_{x,y}.h5}, as published. */
  OFFICIAL("the official files") {
    @Override
    PatchFiles files(Path folder, String part) {
      Path labels = folder.resolve(official(part, "y"));
      return new PatchFiles(
          title(part),
          Gunzip.once(folder.resolve(official(part, "x"))),
          part.equals(TEST) ? optional(labels) : Gunzip.once(labels));
    }

    @Override
    boolean in(Path folder) {
      return present(folder.resolve(official(TRAIN, "x")));
    }
  };

  static final String TRAIN = "train";
  static final String VALIDATION = "valid";
  static final String TEST = "test";

  static final String TEST_IMAGES = "test_x.h5";
  static final String TEST_LABELS = "test_y.h5";

  private final String description;

  PatchLayout(String description) {
    this.description = description;
  }

  /** A short description, such as {@code "the course's layout"}. */
  String description() {
    return description;
  }

  /**
   * The files of a part; compressed files are decompressed once.
   *
   * @param part {@link #TRAIN}, {@link #VALIDATION} or {@link #TEST}
   */
  abstract PatchFiles files(Path folder, String part);

  /** Whether a folder has training patches in this layout, compressed or not. */
  abstract boolean in(Path folder);

  private static String official(String part, String data) {
    return "camelyonpatch_level_2_split_%s_%s.h5".formatted(part, data);
  }

  private static String title(String part) {
    return PatchCamelyon.TITLE + " " + part;
  }

  /** The file, or null if it does not exist. */
  private static Path optional(Path file) {
    return present(file) ? Gunzip.once(file) : null;
  }

  private static boolean present(Path file) {
    return Files.exists(file) || Files.exists(Gunzip.compressed(file));
  }
}

package cnnlab.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** How the files of PatchCamelyon lie in their folder. */
enum PatchLayout {
  /** {@code train.h5} and {@code valid.h5} with x and y, {@code test_x.h5} with x alone. */
  COURSE("the course's layout") {
    @Override
    PatchFiles files(Path folder, String part) {
      String name = part.equals(TEST) ? "test_x.h5" : part + ".h5";
      Path file = Gunzip.once(folder.resolve(name));
      return new PatchFiles(title(part), file, part.equals(TEST) ? null : file);
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
      boolean unlabelled = part.equals(TEST) && !present(labels);
      return new PatchFiles(
          title(part),
          Gunzip.once(folder.resolve(official(part, "x"))),
          unlabelled ? null : Gunzip.once(labels));
    }

    @Override
    boolean in(Path folder) {
      return present(folder.resolve(official(TRAIN, "x")));
    }
  };

  static final String TRAIN = "train";
  static final String VALIDATION = "valid";
  static final String TEST = "test";

  private final String description;

  PatchLayout(String description) {
    this.description = description;
  }

  /** In a few words, such as {@code "the course's layout"}. */
  String description() {
    return description;
  }

  /**
   * The files of a part; compressed ones are decompressed, once.
   *
   * @param part {@link #TRAIN}, {@link #VALIDATION} or {@link #TEST}
   */
  abstract PatchFiles files(Path folder, String part);

  /** Whether a folder has its training patches in this layout, compressed or not. */
  abstract boolean in(Path folder);

  private static String official(String part, String data) {
    return "camelyonpatch_level_2_split_%s_%s.h5".formatted(part, data);
  }

  private static String title(String part) {
    return PatchCamelyon.TITLE + " " + part;
  }

  private static boolean present(Path file) {
    return Files.exists(file) || Files.exists(Gunzip.compressed(file));
  }
}

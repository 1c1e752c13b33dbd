package cnnlab.data.patch;

import cnnlab.data.ImageSet;
import cnnlab.data.file.DataException;
import cnnlab.data.file.DataFiles;
import cnnlab.data.file.Hdf5Writer;
import cnnlab.data.file.Hdf5Writer.Bytes;
import cnnlab.data.patch.PatchCamelyon.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Converts the official files of PatchCamelyon to the course's layout, so that runs need not read 9
 * GB for the 300 MB they use.
 */
public final class PatchPreparation {
  private static final String STAGING = ".preparing";

  private PatchPreparation() {}

  /**
   * Writes {@code train.h5}, {@code valid.h5}, {@code SOURCE.txt} and, if the source has them,
   * {@code test_x.h5} and {@code test_y.h5}. They are written to a separate folder and moved at the
   * end.
   *
   * @param source the folder with the official files
   * @param out the folder to write to
   * @param options number of training patches, seed of the choice, and crop; all validation and
   *     test patches are kept
   * @param force whether existing files are replaced
   * @param messages receives a line for each part written
   * @throws DataException when a file of the source is missing or damaged, or the result already
   *     exists or cannot be written; in these cases nothing is changed
   * @throws IOException when the finished files cannot be moved
   */
  public static void prepare(
      Path source, Path out, Options options, boolean force, Consumer<String> messages)
      throws IOException {
    if (!force) {
      refuseToReplace(out);
    }
    Path staging = out.resolveSibling(out.getFileName() + STAGING);
    try {
      delete(staging);
      write(source, staging, options, messages);
      move(staging, out);
    } finally {
      delete(staging);
    }
  }

  private static void refuseToReplace(Path out) {
    for (PatchLayout layout : PatchLayout.values()) {
      if (layout.in(out)) {
        throw new DataException(
            out,
            layout.description() + " of PatchCamelyon",
            "a folder without it",
            "Replace it with --force, or choose another folder with --out.");
      }
    }
  }

  private static void write(Path source, Path staging, Options options, Consumer<String> messages) {
    for (String part : List.of(PatchLayout.TRAIN, PatchLayout.VALIDATION, PatchLayout.TEST)) {
      PatchFiles files = PatchLayout.OFFICIAL.files(source, part);
      boolean test = part.equals(PatchLayout.TEST);
      if (test && !files.exist()) {
        continue;
      }
      int limit = part.equals(PatchLayout.TRAIN) ? options.limit() : 0;
      ImageSet set = files.read(limit, options.seed(), options.crop());
      Map<String, Bytes> datasets = new LinkedHashMap<>();
      datasets.put(PatchFiles.X, new Bytes(set.pixels(), shape(set)));
      if (!test) {
        datasets.put(PatchFiles.Y, labels(set));
      } else if (set.labelled()) {
        Hdf5Writer.write(
            staging.resolve(PatchLayout.TEST_LABELS), Map.of(PatchFiles.Y, labels(set)));
      }
      String name = test ? PatchLayout.TEST_IMAGES : part + ".h5";
      Hdf5Writer.write(staging.resolve(name), datasets);
      messages.accept(String.format(Locale.ROOT, "%s: %,d patches", name, set.count()));
    }
    DataFiles.write(
        staging.resolve(PatchCamelyon.SOURCE_FILE),
        out -> out.write(description(options).getBytes(StandardCharsets.UTF_8)));
  }

  private static int[] shape(ImageSet set) {
    return new int[] {set.count(), set.height(), set.width(), set.channels()};
  }

  private static Bytes labels(ImageSet set) {
    byte[] labels = new byte[set.count()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) set.labels()[i];
    }
    return new Bytes(labels, labels.length, 1, 1, 1);
  }

  private static String description(Options options) {
    return "central %1$sx%1$s pixels of the official patches, pixel values unchanged; %2$s%n"
        .formatted(
            options.crop(),
            options.limit() == 0
                ? "all training patches"
                : String.format(
                    Locale.ROOT,
                    "%,d training patches, chosen by seed %s",
                    options.limit(),
                    options.seed()));
  }

  /** Moves the training patches last: without them the folder is not a data set. */
  private static void move(Path staging, Path out) throws IOException {
    Files.createDirectories(out);
    // If the new data set has no test files, those of the replaced one must not remain.
    Files.deleteIfExists(out.resolve(PatchLayout.TEST_IMAGES));
    Files.deleteIfExists(out.resolve(PatchLayout.TEST_LABELS));
    try (Stream<Path> files = Files.list(staging)) {
      List<Path> ordered =
          files
              .sorted(Comparator.comparing(file -> file.endsWith(PatchLayout.TRAIN + ".h5")))
              .toList();
      for (Path file : ordered) {
        Files.move(file, out.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}

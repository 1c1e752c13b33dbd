package cnnlab.run.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The learning curve of a training, or the mean of those of all repetitions of a variant. A score
 * is NaN in epochs that were not evaluated.
 *
 * @param variant the name of the variant; empty for a run with a single training
 * @param trainings the number of trainings
 * @param epochs the epochs that all trainings reached [n], ascending
 * @param batchLoss mean loss of the batches while training [n]
 * @param validationLoss [n]
 * @param validationAccuracy shares, in [0, 1] [n]
 */
public record LearningCurves(
    String variant,
    int trainings,
    double[] epochs,
    double[] batchLoss,
    double[] validationLoss,
    double[] validationAccuracy) {
  private static final String SINGLE = "history.csv";

  /** Where runs keep one file for each training, the newer place first. */
  private static final List<String> FOLDERS = List.of("history", "models");

  private static final Pattern NAME = Pattern.compile("(.+)-(\\d+)\\.csv");
  private static final String EPOCH = "epoch";

  /**
   * Reads the curves of a run, one for each variant.
   *
   * @param run the run directory
   * @return empty if the run kept no curves
   * @throws IOException if a file cannot be read, or is no such table; the message names it
   */
  public static List<LearningCurves> read(Path run) throws IOException {
    Map<String, List<Path>> files = new LinkedHashMap<>();
    for (String folder : FOLDERS) {
      if (files.isEmpty()) {
        files.putAll(byVariant(run.resolve(folder)));
      }
    }
    if (files.isEmpty() && Files.isRegularFile(run.resolve(SINGLE))) {
      files.put("", List.of(run.resolve(SINGLE)));
    }
    List<LearningCurves> curves = new ArrayList<>();
    for (Map.Entry<String, List<Path>> variant : files.entrySet()) {
      LearningCurves mean = mean(variant.getKey(), variant.getValue());
      if (mean.epochs.length > 0) {
        curves.add(mean);
      }
    }
    return curves;
  }

  private static Map<String, List<Path>> byVariant(Path folder) throws IOException {
    Map<String, List<Path>> files = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.sorted().toList()) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          files.computeIfAbsent(name.group(1), key -> new ArrayList<>()).add(file);
        }
      }
    }
    return files;
  }

  private static LearningCurves mean(String variant, List<Path> files) throws IOException {
    List<List<Map<String, String>>> all = new ArrayList<>();
    for (Path file : files) {
      List<Map<String, String>> rows = rows(file);
      // A training that diverged in its first epoch has none.
      if (!rows.isEmpty()) {
        all.add(rows);
      }
    }
    int epochs = all.stream().mapToInt(List::size).min().orElse(0);
    double[] numbers = new double[epochs];
    for (int e = 0; e < epochs; e++) {
      numbers[e] = number(all.get(0).get(e), EPOCH);
    }
    Function<String, double[]> column =
        name -> {
          double[] mean = new double[epochs];
          for (int e = 0; e < epochs; e++) {
            int epoch = e;
            mean[e] =
                all.stream()
                    .mapToDouble(rows -> number(rows.get(epoch), name))
                    .average()
                    .orElseThrow();
          }
          return mean;
        };
    return new LearningCurves(
        variant,
        all.size(),
        numbers,
        column.apply("batchLoss"),
        column.apply("validationLoss"),
        column.apply("validationAccuracy"));
  }

  private static List<Map<String, String>> rows(Path file) throws IOException {
    List<Map<String, String>> rows;
    try {
      rows = RunFiles.rows(file);
    } catch (RuntimeException | IOException e) {
      throw new IOException(file + ": cannot be read as a table: " + e.getMessage(), e);
    }
    for (Map<String, String> row : rows) {
      if (!Double.isFinite(number(row, EPOCH))) {
        throw new IOException(
            "%s: a row without the number of its epoch: %s; copy the file again, or repeat the run"
                .formatted(file, row));
      }
    }
    return rows;
  }

  /** NaN if the cell is empty, missing or not a number. */
  private static double number(Map<String, String> row, String column) {
    try {
      return Double.parseDouble(row.getOrDefault(column, "NaN"));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Whether a score was measured in at least one epoch. */
  public static boolean known(double[] score) {
    return Arrays.stream(score).anyMatch(Double::isFinite);
  }
}

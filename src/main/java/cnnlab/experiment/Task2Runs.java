package cnnlab.experiment;

import cnnlab.data.NpyArray;
import cnnlab.data.NpyFile;
import cnnlab.report.RunDirectory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The finished trainings of a run, each in files of its own ({@code
 * trainings/VARIANT-REPETITION.json} and {@code .npy}), so that an interrupted run goes on where it
 * stopped.
 */
final class Task2Runs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = "trainings/";

  private final RunDirectory directory;
  private final List<String> variants;
  private final Map<String, Map<Integer, Task2Repetition.Outcome>> outcomes = new TreeMap<>();

  private Task2Runs(RunDirectory directory, List<String> variants) {
    this.directory = directory;
    this.variants = variants;
    variants.forEach(v -> outcomes.put(v, new TreeMap<>()));
  }

  /** Finds the trainings that are finished already. */
  static Task2Runs open(RunDirectory directory, List<Task2Variant> variants, int repetitions)
      throws IOException {
    Task2Runs runs = new Task2Runs(directory, Task2SmallData.names(variants));
    for (String variant : runs.variants) {
      for (int r = 1; r <= repetitions; r++) {
        Path json = directory.path(name(variant, r, "json"));
        Path npy = directory.path(name(variant, r, "npy"));
        if (Files.exists(json) && Files.exists(npy)) {
          Task2Repetition.Row row =
              JSON.readValue(Files.readString(json), Task2Repetition.Row.class);
          runs.outcomes
              .get(variant)
              .put(r, new Task2Repetition.Outcome(row, NpyFile.read(npy).data()));
        }
      }
    }
    return runs;
  }

  private static String name(String variant, int repetition, String ending) {
    return FOLDER + variant + "-" + repetition + "." + ending;
  }

  boolean has(String variant, int repetition) {
    return outcomes.get(variant).containsKey(repetition);
  }

  /** Keeps a finished training. */
  void add(Task2Repetition.Outcome outcome) throws IOException {
    Task2Repetition.Row row = outcome.row();
    float[] p = outcome.probabilities();
    directory.write(
        name(row.variant(), row.repetition(), "npy"),
        file -> NpyFile.write(file, new NpyArray(new int[] {p.length / 10, 10}, p)));
    directory.writeJson(name(row.variant(), row.repetition(), "json"), row);
    outcomes.get(row.variant()).put(row.repetition(), outcome);
  }

  /** A variant's outcomes in the order of the repetitions. */
  List<Task2Repetition.Outcome> of(String variant) {
    return List.copyOf(outcomes.get(variant).values());
  }

  /** A variant's test accuracies in the order of the repetitions. */
  double[] accuracies(String variant) {
    return of(variant).stream().mapToDouble(o -> o.row().testAccuracy()).toArray();
  }

  /** All rows, variant after variant. */
  List<Task2Repetition.Row> rows() {
    return variants.stream()
        .flatMap(v -> of(v).stream())
        .map(Task2Repetition.Outcome::row)
        .sorted(
            Comparator.<Task2Repetition.Row>comparingInt(r -> variants.indexOf(r.variant()))
                .thenComparingInt(Task2Repetition.Row::repetition))
        .toList();
  }
}

package cnnlab.experiment;

import cnnlab.data.NpyArray;
import cnnlab.data.NpyFile;
import cnnlab.report.RunDirectory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The finished trainings of a run, each in files of its own ({@code
 * trainings/VARIANT-REPETITION.json} and {@code .npy}), so that an interrupted run goes on where it
 * stopped.
 */
final class Trainings<R extends Record & Training.Row> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = "trainings/";

  private final RunDirectory directory;
  private final List<String> variants;
  private final int classes;
  private final Map<String, Map<Integer, Training<R>>> finished = new TreeMap<>();

  private Trainings(RunDirectory directory, List<String> variants, int classes) {
    this.directory = directory;
    this.variants = variants;
    this.classes = classes;
    variants.forEach(v -> finished.put(v, new TreeMap<>()));
  }

  /**
   * Finds the trainings that are finished already.
   *
   * @param classes K
   * @throws IOException when what is kept of one cannot be read; names the file
   */
  static <R extends Record & Training.Row> Trainings<R> open(
      RunDirectory directory, List<String> variants, int repetitions, int classes, Class<R> type)
      throws IOException {
    Trainings<R> trainings = new Trainings<>(directory, variants, classes);
    directory.deleteTemporary(FOLDER);
    for (String variant : variants) {
      for (int r = 1; r <= repetitions; r++) {
        Path json = directory.path(name(variant, r, "json"));
        Path npy = directory.path(name(variant, r, "npy"));
        if (Files.exists(json) && Files.exists(npy)) {
          Training<R> training = new Training<>(row(json, type), NpyFile.read(npy).data());
          trainings.finished.get(variant).put(r, training);
        }
      }
    }
    return trainings;
  }

  private static <R> R row(Path json, Class<R> type) throws IOException {
    try {
      return JSON.readValue(Files.readString(json), type);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: not a training's row: %s; delete it, and the training is run again"
              .formatted(json, e.getOriginalMessage()),
          e);
    }
  }

  private static String name(String variant, int repetition, String ending) {
    return FOLDER + variant + "-" + repetition + "." + ending;
  }

  /**
   * Where the curves of a training that begins go.
   *
   * @param mark what the name begins with, such as that the data is synthetic; may be empty
   */
  TrainingEvents events(Variant<?> variant, int repetition, String mark) {
    String name = variant.name() + "-" + repetition;
    return TrainingEvents.of(
        directory, mark.isEmpty() ? name : mark + "-" + name, variant.config());
  }

  boolean has(String variant, int repetition) {
    return finished.get(variant).containsKey(repetition);
  }

  /** Keeps a finished training; the file of the row comes last. */
  void add(Training<R> training) throws IOException {
    R row = training.row();
    float[] p = training.probabilities();
    NpyArray array = new NpyArray(new int[] {p.length / classes, classes}, p);
    directory.write(
        name(row.variant(), row.repetition(), "npy"), file -> NpyFile.write(file, array));
    directory.writeJson(name(row.variant(), row.repetition(), "json"), row);
    finished.get(row.variant()).put(row.repetition(), training);
  }

  /** Names of the variants, in the configuration's order. */
  List<String> variants() {
    return variants;
  }

  /** A variant's trainings in the order of the repetitions. */
  List<Training<R>> of(String variant) {
    return List.copyOf(finished.get(variant).values());
  }

  /** Those of them that did not diverge, in the same order. */
  List<Training<R>> trained(String variant) {
    return of(variant).stream().filter(t -> !t.row().diverged()).toList();
  }

  /**
   * A number of each of a variant's trainings, in the order of the repetitions; NaN where a
   * training diverged.
   */
  double[] values(String variant, Function<R, Double> number) {
    return of(variant).stream()
        .map(Training::row)
        .map(row -> row.diverged() ? null : number.apply(row))
        .mapToDouble(value -> value == null ? Double.NaN : value)
        .toArray();
  }

  /** All rows, variant after variant. */
  List<R> rows() {
    return variants.stream().flatMap(v -> of(v).stream()).map(Training::row).toList();
  }
}

package cnnlab.experiment;

import cnnlab.config.UsageException;
import cnnlab.data.file.DataException;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.run.Manifest;
import cnnlab.run.Origin;
import cnnlab.run.Run;
import cnnlab.store.Json;
import cnnlab.store.RunDirectory;
import cnnlab.training.TensorBoardListener;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished trainings of a run. Each has its own files ({@code trainings/VARIANT-REPETITION}
 * with {@code .npy}, {@code .manifest.json} and {@code .json}), so that an interrupted run resumes
 * where it stopped.
 *
 * <p>The manifest records the origin of a training (configuration, data, program) and the checksums
 * of its files. A training whose files are damaged or missing is repeated, with a warning; a
 * training of another origin is refused.
 */
public final class FinishedTrainings<R extends Record & FinishedTraining.Row> {
  private static final Logger LOG = LoggerFactory.getLogger(FinishedTrainings.class);
  private static final String FOLDER = "trainings/";

  /** The folders that hold the files of a training. */
  private static final List<String> FOLDERS = List.of(FOLDER, Run.MODELS, "history");

  private static final String ROW = "json";
  private static final String ARRAY = "npy";
  private static final String MANIFEST = Manifest.ENDING;

  private final RunDirectory directory;
  private final Origin origin;
  private final Spec<R> spec;
  private final Map<String, Map<Integer, FinishedTraining<R>>> finished = new TreeMap<>();

  /**
   * The trainings that a run consists of.
   *
   * @param variants names of the variants
   * @param repetitions of each variant
   * @param classes K
   * @param type the class of the rows
   * @param files gives the names of further files of a training; they are written before it is
   *     added
   */
  public record Spec<R extends Record & FinishedTraining.Row>(
      List<String> variants,
      int repetitions,
      int classes,
      Class<R> type,
      Function<R, List<String>> files) {}

  private FinishedTrainings(RunDirectory directory, Origin origin, Spec<R> spec) {
    this.directory = directory;
    this.origin = origin;
    this.spec = spec;
    spec.variants.forEach(v -> finished.put(v, new TreeMap<>()));
  }

  /**
   * Reads the trainings that an earlier process has finished.
   *
   * @param origin the origin of the run's trainings
   * @throws UsageException when a training has another origin, or a file stands in place of a
   *     folder of trainings
   * @throws IOException when damaged files cannot be deleted
   */
  public static <R extends Record & FinishedTraining.Row> FinishedTrainings<R> open(
      RunDirectory directory, Origin origin, Spec<R> spec) throws IOException {
    FinishedTrainings<R> trainings = new FinishedTrainings<>(directory, origin, spec);
    for (String name : FOLDERS) {
      Path folder = directory.path(name);
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new UsageException(
            "%s is a file, expected a folder of finished trainings; delete it".formatted(folder));
      }
    }
    for (String variant : spec.variants) {
      for (int r = 1; r <= spec.repetitions; r++) {
        trainings.load(variant, r);
      }
    }
    return trainings;
  }

  private void load(String variant, int repetition) throws IOException {
    Path json = directory.path(name(variant, repetition, ROW));
    Path manifest = directory.path(name(variant, repetition, MANIFEST));
    Path npy = directory.path(name(variant, repetition, ARRAY));
    if (Stream.of(json, manifest, npy).noneMatch(Files::exists)) {
      return;
    }
    try {
      if (!Files.exists(json)) {
        throw new IOException(json + " is missing");
      }
      Manifest written = manifest(manifest);
      written.origin().require(origin, manifest);
      // Before the checksums: "truncated: 40 missing" tells more than a wrong checksum.
      float[] probabilities = NpyFile.read(npy).data();
      requireUndamaged(written.damage(directory));
      R row = Json.exact(Files.readString(json), spec.type);
      if (!written.files().keySet().equals(Set.copyOf(files(row)))
          || !row.variant().equals(variant)
          || row.repetition() != repetition) {
        throw new IOException(manifest + " belongs to another training");
      }
      finished.get(variant).put(repetition, new FinishedTraining<>(row, probabilities));
    } catch (JsonProcessingException e) {
      discard(variant, repetition, json + ": not a training's row: " + e.getOriginalMessage());
    } catch (IOException | DataException e) {
      discard(variant, repetition, e.getMessage());
    }
  }

  private static Manifest manifest(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing, or the training was stored by an earlier version");
    }
    try {
      return Manifest.read(file);
    } catch (IOException e) {
      throw new IOException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void requireUndamaged(Optional<String> found) throws IOException {
    if (found.isPresent()) {
      throw new IOException(found.get());
    }
  }

  private void discard(String variant, int repetition, String why) throws IOException {
    LOG.warn("{} #{} is trained again: {}", variant, repetition, why);
    for (String ending : List.of(ROW, MANIFEST, ARRAY)) {
      directory.delete(name(variant, repetition, ending));
    }
  }

  /** The names of all files of a training except its manifest. */
  private List<String> files(R row) {
    List<String> files = new ArrayList<>(spec.files.apply(row));
    files.add(name(row.variant(), row.repetition(), ARRAY));
    files.add(name(row.variant(), row.repetition(), ROW));
    return files;
  }

  private static String name(String variant, int repetition, String ending) {
    return FOLDER + variant + "-" + repetition + "." + ending;
  }

  /**
   * The writer of a training's TensorBoard curves.
   *
   * @param mark prefix of the name, such as one for synthetic data; may be empty
   */
  TensorBoardListener tensorBoard(Variant<?> variant, int repetition, String mark) {
    String name = variant.name() + "-" + repetition;
    return TensorBoardListener.of(
        directory, mark.isEmpty() ? name : mark + "-" + name, variant.config());
  }

  boolean contains(String variant, int repetition) {
    return finished.get(variant).containsKey(repetition);
  }

  /** Stores a finished training. The row is written last, because it marks the training as done. */
  void add(FinishedTraining<R> training) throws IOException {
    R row = training.row();
    float[] p = training.probabilities();
    String variant = row.variant();
    int repetition = row.repetition();
    String array = name(variant, repetition, ARRAY);
    String json = name(variant, repetition, ROW);
    String text = Json.exact(row);
    NpyArray values = new NpyArray(new int[] {p.length / spec.classes, spec.classes}, p);
    directory.write(array, file -> NpyFile.write(file, values));
    Manifest manifest = Manifest.of(origin, directory, files(row), Map.of(json, text));
    directory.writeText(name(variant, repetition, MANIFEST), manifest.text());
    directory.writeText(json, text);
    finished.get(variant).put(repetition, training);
  }

  /** Names of the variants, in the configuration's order. */
  public List<String> variants() {
    return spec.variants;
  }

  /** A variant's trainings, in the order of the repetitions. */
  public List<FinishedTraining<R>> of(String variant) {
    return List.copyOf(finished.get(variant).values());
  }

  /** A variant's trainings that did not diverge, in the order of the repetitions. */
  public List<FinishedTraining<R>> trained(String variant) {
    return of(variant).stream().filter(t -> !t.row().diverged()).toList();
  }

  /**
   * One score of each of a variant's trainings, in the order of the repetitions; NaN where a
   * training diverged.
   */
  public double[] values(String variant, Function<R, Double> number) {
    return of(variant).stream()
        .map(FinishedTraining::row)
        .map(row -> row.diverged() ? null : number.apply(row))
        .mapToDouble(value -> value == null ? Double.NaN : value)
        .toArray();
  }

  /** All rows, variant by variant. */
  public List<R> rows() {
    return spec.variants.stream().flatMap(v -> of(v).stream()).map(FinishedTraining::row).toList();
  }
}

package cnnlab.task3;

import cnnlab.augment.Preprocessing;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Seeds;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.experiment.Variant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The patches of a run: the original ones, and those prepared for each variant. */
final class Task3Data {
  private final PatchCamelyon original;
  private final int[] evaluated;
  private final Map<Key, PatchCamelyon> prepared = new HashMap<>();

  private record Key(int trainLimit, List<Object> preprocessing) {
    static Key of(Task3Config config) {
      return new Key(config.trainLimit(), config.preprocessing());
    }
  }

  private Task3Data(PatchCamelyon original, int evaluationLimit) {
    this.original = original;
    this.evaluated = ImageSubset.all(original.validation()).first(evaluationLimit).indices();
  }

  /**
   * Reads the patches that the variants need; those of the first variant are the original ones.
   *
   * @throws cnnlab.data.file.DataException when the data is missing (the message tells how to get
   *     it) or damaged
   */
  static Task3Data load(List<Variant<Task3Config>> variants, Datasets datasets) {
    Map<Integer, PatchCamelyon> read = new HashMap<>();
    Task3Data data = null;
    for (Variant<Task3Config> v : variants) {
      Task3Config config = v.config();
      PatchCamelyon patches =
          read.computeIfAbsent(config.trainLimit(), limit -> read(config, datasets));
      if (data == null) {
        data = new Task3Data(patches, config.evaluationLimit());
      }
      data.prepared.computeIfAbsent(Key.of(config), key -> prepare(patches, key.preprocessing));
    }
    return data;
  }

  private static PatchCamelyon read(Task3Config config, Datasets datasets) {
    long seed = Seeds.derive(config.seed(), "patches");
    return config.synthetic()
        ? SyntheticPatches.create(config.trainLimit(), seed)
        : PatchCamelyon.load(
            datasets, new PatchCamelyon.Options(config.trainLimit(), seed, PatchCamelyon.CENTRE));
  }

  private static PatchCamelyon prepare(PatchCamelyon patches, List<Object> preprocessing) {
    Preprocessing steps = Preprocessing.of(preprocessing);
    return steps.isEmpty()
        ? patches
        : new PatchCamelyon(
            steps.apply(patches.train()),
            steps.apply(patches.validation()),
            patches.test().map(steps::apply),
            patches.checksums(),
            patches.source());
  }

  /** The patches without preprocessing. */
  PatchCamelyon original() {
    return original;
  }

  /** The patches with a variant's preprocessing. */
  PatchCamelyon of(Task3Config config) {
    return prepared.get(Key.of(config));
  }

  /** Indices of the validation patches that are evaluated. */
  int[] evaluated() {
    return evaluated.clone();
  }

  /** Labels of the validation patches that are evaluated. */
  int[] labels() {
    return Arrays.copyOf(original.validation().labels(), evaluated.length);
  }

  /** The test patches, if their labels are known. */
  static Optional<ImageSet> labelledTest(PatchCamelyon patches) {
    return patches.test().filter(test -> Arrays.stream(test.labels()).noneMatch(l -> l < 0));
  }
}

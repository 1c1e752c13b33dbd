package cnnlab.task3;

import cnnlab.augment.Preprocessing;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Seeds;
import cnnlab.data.file.DataException;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.data.slide.SlideGroups;
import cnnlab.experiment.Variant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The patches of a run: the original ones, and those prepared for each variant. */
final class Task3Data {
  private static final String NO_TEST =
      "distillation.unlabelled is test, but the data set has no test patches (test_x.h5). Add them, or set it to none.";

  private final PatchCamelyon original;
  private final int[] evaluated;
  private final int evaluationLimit;

  /** Null if trainings are validated on the validation file. */
  private final SlideGroups groups;

  private final Map<Key, PatchCamelyon> prepared = new HashMap<>();

  private record Key(int trainLimit, List<Object> preprocessing) {
    static Key of(Task3Config config) {
      return new Key(config.trainLimit(), config.preprocessing());
    }
  }

  /**
   * The patches of one training.
   *
   * @param train the training patches
   * @param validation the patches that it is validated on, N
   * @param test the test patches, if their labels are known and they are used
   * @param asked the patches that predictions are asked for, if there are any; their labels are not
   *     to be used
   */
  record Fold(
      ImageSubset train,
      ImageSubset validation,
      Optional<ImageSubset> test,
      Optional<ImageSubset> asked) {

    /**
     * The patches to learn from without labels; empty if none are asked for.
     *
     * @throws DataException when they are asked for and there are none
     */
    Optional<ImageSubset> unlabelled(Task3Config.Unlabelled which) {
      if (which == Task3Config.Unlabelled.NONE) {
        return Optional.empty();
      }
      if (asked.isEmpty()) {
        throw new DataException(NO_TEST);
      }
      return asked;
    }
  }

  private Task3Data(PatchCamelyon original, int evaluationLimit, SlideGroups groups) {
    this.original = original;
    this.evaluationLimit = evaluationLimit;
    this.groups = groups;
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
        data = new Task3Data(patches, config.evaluationLimit(), groups(config, patches.train()));
      }
      requireUnlabelled(config, patches);
      data.prepared.computeIfAbsent(Key.of(config), key -> prepare(patches, key.preprocessing));
    }
    return data;
  }

  private static void requireUnlabelled(Task3Config config, PatchCamelyon patches) {
    if (config.distillation().unlabelled() == Task3Config.Unlabelled.TEST
        && !config.grouped()
        && patches.test().isEmpty()) {
      throw new DataException(NO_TEST);
    }
  }

  private static SlideGroups groups(Task3Config config, ImageSet train) {
    if (!config.grouped()) {
      return null;
    }
    try {
      return SlideGroups.of(train, config.groups());
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "validation: grouped is not possible with these patches: %s. Use more patches (trainLimit), or fewer groups."
              .formatted(e.getMessage()),
          e);
    }
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

  /** The groups of training patches; empty if trainings are validated on the validation file. */
  Optional<SlideGroups> groups() {
    return Optional.ofNullable(groups);
  }

  /** The patches of a training, with the preprocessing of its variant. */
  Fold fold(Task3Config config, int repetition) {
    return fold(of(config), config.leftOut(repetition));
  }

  /** The same patches without preprocessing. */
  Fold originalFold(Task3Config config, int repetition) {
    return fold(original, config.leftOut(repetition));
  }

  private Fold fold(PatchCamelyon patches, Integer leftOut) {
    if (groups == null) {
      return new Fold(
          ImageSubset.all(patches.train()),
          new ImageSubset(patches.validation(), evaluated),
          labelledTest(patches).map(test -> ImageSubset.all(test).first(evaluationLimit)),
          patches.test().map(ImageSubset::all));
    }
    return new Fold(
        new ImageSubset(patches.train(), groups.others(leftOut)),
        new ImageSubset(patches.train(), groups.members(leftOut)).first(evaluationLimit),
        Optional.empty(),
        Optional.of(new ImageSubset(patches.train(), groups.members(leftOut))));
  }

  /** Indices of the patches of the validation file that are evaluated. */
  int[] evaluated() {
    return evaluated.clone();
  }

  /** The test patches, if their labels are known. */
  private static Optional<ImageSet> labelledTest(PatchCamelyon patches) {
    return patches.test().filter(test -> Arrays.stream(test.labels()).noneMatch(l -> l < 0));
  }
}

package cnnlab.task3;

import cnnlab.data.Datasets;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.engine.EngineKind;
import cnnlab.experiment.SharedData;
import cnnlab.experiment.TrialTask;
import cnnlab.experiment.Variant;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Task 3 as a {@link TrialTask}: runs single trainings. */
public final class Task3Trials implements TrialTask<Task3Config> {
  public static final String NAME = "task3";

  /** The name of a score in trials, by its name in {@link Task3Scores}. */
  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put("auc", "validationAuc");
    NAMES.put("accuracy", "validationAccuracy");
    NAMES.put("loss", "validationLoss");
    NAMES.put("brier", "validationBrier");
    NAMES.put("ece", "validationEce");
    NAMES.put("f1", "validationF1");
  }

  private final Datasets datasets;
  private final SharedData<Key, Task3Data> data = new SharedData<>();

  /** The keys that determine the patches and their preprocessing. */
  private record Key(
      Task3Config.Data data,
      long seed,
      int trainLimit,
      int evaluationLimit,
      Task3Config.Validation validation,
      int groups,
      List<Object> preprocessing) {
    static Key of(Task3Config c) {
      return new Key(
          c.data(),
          c.seed(),
          c.trainLimit(),
          c.evaluationLimit(),
          c.validation(),
          c.groups(),
          c.preprocessing());
    }
  }

  public Task3Trials(Datasets datasets) {
    this.datasets = datasets;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<Task3Config> type() {
    return Task3Config.class;
  }

  @Override
  public Task3Config defaults() {
    return Task3Config.DEFAULT;
  }

  @Override
  public Map<String, Boolean> scores() {
    Map<String, Boolean> scores = new LinkedHashMap<>();
    NAMES.forEach((score, name) -> scores.put(name, Task3Scores.largerIsBetter(score)));
    return scores;
  }

  @Override
  public Optional<Path> folder(Task3Config config) {
    return config.synthetic() ? Optional.empty() : Optional.of(PatchCamelyon.folder(datasets));
  }

  @Override
  public TrialRequirements requirements(Task3Config config) {
    return new TrialRequirements(
        config.engine() == EngineKind.DL4J, config.epochs(), config.dl4j(), config.init());
  }

  @Override
  public void requireMemory(Task3Config config, int workers) {
    Task3Repetition.requireMemory(config, workers);
  }

  @Override
  public void checkNetwork(Task3Config config) {
    TrialTask.configure(config.dl4j());
    Task3Repetition.graph(config, config.seed(), 1);
  }

  @Override
  public Map<String, String> load(Task3Config config) {
    return data(config).original().checksums();
  }

  @Override
  public Map<String, Double> train(Task3Config config, int repetition, TrainingSpan span)
      throws IOException {
    TrialTask.configure(config.dl4j());
    Task3Data patches = data(config);
    Map<String, Double> all =
        Task3Repetition.validate(config, repetition, patches.fold(config, repetition), span);
    Map<String, Double> scores = new LinkedHashMap<>();
    NAMES.forEach(
        (score, name) -> {
          if (all.containsKey(score)) {
            scores.put(name, all.get(score));
          }
        });
    return scores;
  }

  private Task3Data data(Task3Config config) {
    return data.get(
        Key.of(config), () -> Task3Data.load(List.of(new Variant<>(NAME, config)), datasets));
  }
}

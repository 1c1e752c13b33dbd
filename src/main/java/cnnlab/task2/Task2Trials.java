package cnnlab.task2;

import cnnlab.augment.Preprocessing;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.engine.EngineKind;
import cnnlab.experiment.SharedData;
import cnnlab.experiment.TrialTask;
import cnnlab.training.EpochMetrics;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Task 2 as a {@link TrialTask}: runs single trainings. */
public final class Task2Trials implements TrialTask<Task2Config> {
  public static final String NAME = "task2";

  private final Datasets datasets;
  private final SharedData<List<Object>, ImageSet> images = new SharedData<>();
  private ImageSet original;

  public Task2Trials(Datasets datasets) {
    this.datasets = datasets;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<Task2Config> type() {
    return Task2Config.class;
  }

  @Override
  public Task2Config defaults() {
    return Task2Config.DEFAULT;
  }

  @Override
  public Map<String, Boolean> scores() {
    Map<String, Boolean> scores = new LinkedHashMap<>();
    scores.put("validationAccuracy", true);
    scores.put("validationLoss", false);
    return scores;
  }

  @Override
  public Optional<Path> folder(Task2Config config) {
    return Optional.of(datasets.folder(Mnist.NAME));
  }

  @Override
  public TrialRequirements requirements(Task2Config config) {
    return new TrialRequirements(
        config.engine() == EngineKind.DL4J, config.epochs(), config.dl4j(), config.init());
  }

  @Override
  public void requireMemory(Task2Config config, int workers) {
    Task2Repetition.requireMemory(config, workers);
  }

  @Override
  public void checkNetwork(Task2Config config) {
    TrialTask.configure(config.dl4j());
    Task2Repetition.graph(config, config.seed());
  }

  @Override
  public Map<String, String> load(Task2Config config) {
    images(config);
    return Mnist.SHA256;
  }

  @Override
  public Map<String, Double> train(Task2Config config, int repetition, TrainingSpan span)
      throws IOException {
    TrialTask.configure(config.dl4j());
    EpochMetrics last = Task2Repetition.validate(config, repetition, images(config), span);
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("validationAccuracy", last.validationAccuracy());
    scores.put("validationLoss", last.validationLoss());
    return scores;
  }

  private ImageSet images(Task2Config config) {
    return images.get(config.preprocessing(), () -> prepare(config.preprocessing()));
  }

  /** Called by one thread at a time. */
  private ImageSet prepare(List<Object> preprocessing) {
    if (original == null) {
      original = Mnist.load(datasets).train();
    }
    Preprocessing steps = Preprocessing.of(preprocessing);
    return steps.isEmpty() ? original : steps.apply(original);
  }
}

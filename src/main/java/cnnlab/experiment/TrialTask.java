package cnnlab.experiment;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.run.InterruptedRunException;
import cnnlab.training.DivergedException;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An experiment whose trainings can be run one by one, as the trials of a sweep. A training is a
 * pure function of (configuration, repetition, epochs) that uses only training and validation
 * images. Data is read once and shared by all trainings, which may run in parallel.
 *
 * @param <C> the experiment's configuration
 */
public interface TrialTask<C extends Record> {
  /** The name of its command, such as {@code task2}. */
  String name();

  /** The class of its configuration. */
  Class<C> type();

  /** The configuration that files and {@code --set} change. */
  C defaults();

  /**
   * The scores of a training, each with whether larger is better; the usual objective comes first.
   */
  Map<String, Boolean> scores();

  /**
   * The folder that a configuration's data is read from, such as {@code .../datasets/mnist}. All
   * its files are needed, and no others. Empty for synthetic images.
   *
   * @throws cnnlab.data.file.DataException when it is not found; the message tells how to get it
   */
  Optional<Path> folder(C config);

  /** What a trial of this configuration requires of the sweep. */
  TrialRequirements requirements(C config);

  /**
   * Requirements that all trials of one sweep must share.
   *
   * @param oneAtATime whether trainings must run one at a time, as those of DL4J do
   * @param epochs the number of epochs of a full training
   * @param dl4j settings of DL4J
   * @param init the model file that gives the initial weights, or empty
   */
  record TrialRequirements(boolean oneAtATime, int epochs, Dl4jConfig dl4j, String init) {}

  /**
   * Refuses trainings that do not fit into memory, before any is allocated.
   *
   * @param workers trainings at once
   * @throws UsageException when they do not; the message gives the figures
   */
  void requireMemory(C config, int workers);

  /**
   * Checks that the network of a configuration can be created, and discards it.
   *
   * @throws UsageException when it cannot be created
   */
  void checkNetwork(C config);

  /**
   * Reads the data that a configuration needs.
   *
   * @return the SHA-256 of each file by its name
   * @throws cnnlab.data.file.DataException when it is missing (the message tells how to get it) or
   *     damaged
   */
  Map<String, String> load(C config);

  /**
   * Trains once, on one thread.
   *
   * @param repetition 1, 2, ...: selects the draw of training images, the initial weights, the
   *     order, augmentation and dropout; the same for all configurations of the same seed
   * @return the scores on the validation images, by the names of {@link #scores}; undefined scores
   *     are left out
   * @throws cnnlab.data.file.DataException when data is missing or damaged
   * @throws IOException when the checkpoint cannot be read or written
   * @throws InterruptedRunException when the user stopped the run
   * @throws DivergedException when the training diverged
   */
  Map<String, Double> train(C config, int repetition, TrainingSpan span) throws IOException;

  /**
   * Reads a configuration from YAML, on top of the defaults.
   *
   * @param yaml text in the form that {@link ConfigLoader#toYaml} writes
   * @param source the name of the text in error messages
   */
  default C configuration(String yaml, String source) {
    return ConfigLoader.parse(type(), defaults(), yaml, source);
  }

  /**
   * Where and how a training diverged, such as {@code epoch 1, batch 2: the loss is NaN}; empty if
   * {@link #train} threw something else. Trying again, here or on another machine, would give the
   * same result.
   */
  static Optional<String> divergence(Throwable thrown) {
    return thrown instanceof DivergedException e
        ? Optional.of(e.divergence().toString())
        : Optional.empty();
  }

  /**
   * Configures DL4J. To be called before the first graph of a configuration is created.
   *
   * @return the settings of the engines in this process, for the provenance
   */
  static Map<String, Object> configure(Dl4jConfig dl4j) {
    Dl4jRuntime.Status runtime = Dl4jRuntime.configure(dl4j.onednn(), 1);
    Map<String, Object> engine = RunInputs.engine(runtime);
    engine.put("dl4j.binary", runtime.binary());
    return engine;
  }
}

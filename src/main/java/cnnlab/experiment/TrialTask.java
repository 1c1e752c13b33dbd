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
 * An experiment whose single trainings can be run apart from it: each a pure function of
 * (configuration, repetition, epochs), which looks at training and validation images alone. It has
 * its data read once and shared by all trainings, which may run side by side.
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
   * The scores of a training, each with whether a larger one is better, the usual objective first.
   */
  Map<String, Boolean> scores();

  /**
   * The folder that a configuration's data is read from, such as {@code .../datasets/mnist}: all
   * files in it are needed, nothing else. None for synthetic images.
   *
   * @throws cnnlab.data.file.DataException when it is not found; says how to get it
   */
  Optional<Path> folder(C config);

  /** Which engine trains, and how DL4J computes; see {@link TrialRequirements}. */
  TrialRequirements requirements(C config);

  /**
   * What trials of one sweep must have in common.
   *
   * @param oneAtATime whether DL4J trains, which does so one at a time
   * @param epochs of a whole training
   * @param dl4j how DL4J computes
   * @param init the model file with whose weights training begins, or empty
   */
  record TrialRequirements(boolean oneAtATime, int epochs, Dl4jConfig dl4j, String init) {}

  /**
   * Refuses trainings that do not fit the memory, before any of it is taken.
   *
   * @param workers trainings at once
   * @throws UsageException when they do not; gives the figures
   */
  void requireMemory(C config, int workers);

  /**
   * Makes the network that a configuration describes and lets it go again.
   *
   * @throws UsageException when it cannot be made
   */
  void checkNetwork(C config);

  /**
   * Reads the data that a configuration needs.
   *
   * @return the SHA-256 of each file by its name
   * @throws cnnlab.data.file.DataException when it is missing (it says how to get it) or damaged
   */
  Map<String, String> load(C config);

  /**
   * Trains once, on one thread.
   *
   * @param repetition 1, 2, ...: which draw of images, initial weights, order, augmentation and
   *     dropout; the same for all configurations of the same seed
   * @return the validation images' scores by the names of {@link #scores}; those that do not exist
   *     are left out
   * @throws cnnlab.data.file.DataException when data is missing or damaged
   * @throws IOException when the checkpoint cannot be read or written
   * @throws InterruptedRunException when the user stopped the run
   * @throws DivergedException when the training diverged
   */
  Map<String, Double> train(C config, int repetition, TrainingSpan span) throws IOException;

  /**
   * A configuration from the defaults and a text.
   *
   * @param yaml of the form that {@link ConfigLoader#toYaml} writes
   * @param source what errors call the text
   */
  default C configuration(String yaml, String source) {
    return ConfigLoader.parse(type(), defaults(), yaml, source);
  }

  /**
   * Where and how a training diverged, such as {@code epoch 1, batch 2: the loss is NaN}, if that
   * is what {@link #train} threw: then no other machine and no repetition would do better.
   */
  static Optional<String> divergence(Throwable thrown) {
    return thrown instanceof DivergedException e
        ? Optional.of(e.divergence().toString())
        : Optional.empty();
  }

  /**
   * Sets how DL4J computes, before the first graph of a configuration is made.
   *
   * @return what computes here, for the record
   */
  static Map<String, Object> configure(Dl4jConfig dl4j) {
    Dl4jRuntime.Status runtime = Dl4jRuntime.configure(dl4j.onednn(), 1);
    Map<String, Object> engine = RunInputs.engine(runtime);
    engine.put("dl4j.binary", runtime.binary());
    return engine;
  }
}

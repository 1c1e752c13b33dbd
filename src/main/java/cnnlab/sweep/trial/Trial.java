package cnnlab.sweep.trial;

import java.io.Serial;
import java.io.Serializable;

/**
 * One training of a sweep, as pure data. Its outcome, computed by {@link TrialFunction}, depends on
 * nothing else, so it can be run in any process, alone or among others, any number of times.
 *
 * @param id unique in the sweep and stable across resumes; the name of the trial's folder
 * @param training the same for all trials of one training that is stopped after increasing numbers
 *     of epochs
 * @param task {@code task2} or {@code task3}
 * @param configuration the task's resolved configuration as YAML, with every key, including the
 *     seed
 * @param repetition 1, 2, ...: selects the draw (random choice of training images, initial weights
 *     and batches); trials with the same seed and repetition share it
 * @param epochs the number of epochs after which the training stops, at least 1 and at most that of
 *     the configuration, which determines the learning rate schedule
 */
public record Trial(
    String id, String training, String task, String configuration, int repetition, int epochs)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1L;
}

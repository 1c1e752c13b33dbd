package cnnlab.sweep.trial;

import java.io.Serial;
import java.io.Serializable;

/**
 * One training, as nothing but data: what {@link TrialFunction} makes of it depends on nothing
 * else, so that it can be run in any process, alone or among others, again and again.
 *
 * @param id unique in the sweep, the same when it is gone on with; the name of the trial's folder
 * @param training the same for trials that are one training, stopped after more and more epochs
 * @param task {@code task2} or {@code task3}
 * @param configuration the task's resolved configuration as YAML, every key, the seed among them
 * @param repetition 1, 2, ...: which draw of everything random; trials of the same seed and
 *     repetition share it
 * @param epochs after which the training stops, at least 1, at most the configuration's; the
 *     learning rate's schedule is that of the configuration's
 */
public record Trial(
    String id, String training, String task, String configuration, int repetition, int epochs)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1L;
}

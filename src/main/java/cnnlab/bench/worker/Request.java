package cnnlab.bench.worker;

/**
 * What a process is asked to do.
 *
 * @param model what {@link cnnlab.bench.model.BenchModel#open} takes
 * @param task what to do
 * @param batch inputs per call
 * @param seconds the shortest duration of a measurement
 */
public record Request(String model, Task task, int batch, double seconds) {

  /** The tasks. */
  public enum Task {
    /** Outputs for some random inputs, not timed. */
    OUTPUTS,
    /** Losses of some steps of training without dropout, and the outputs afterwards; not timed. */
    LEARNING,
    /** Duration of each call that computes outputs. */
    INFER,
    /** Duration of each step of training. */
    TRAIN,
    /** Duration of each layer; the engine from scratch alone. */
    LAYERS
  }

  @Override
  public String toString() {
    return "%s %s at batch size %s"
        .formatted(model, task.name().toLowerCase(java.util.Locale.ROOT), batch);
  }
}

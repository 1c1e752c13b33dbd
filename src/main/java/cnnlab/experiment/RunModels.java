package cnnlab.experiment;

import cnnlab.inference.ModelRecord;
import cnnlab.run.Run;
import cnnlab.store.RunDirectory;
import cnnlab.text.Enums;
import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The models of a run: one for each training of the first variant, and a copy of the median run's
 * model as {@code model.zip}. All names are without their ending.
 */
public final class RunModels {
  /** The name of the copy. */
  public static final String MEDIAN = "model";

  private RunModels() {}

  /** The name of a training's model, a path in the run directory. */
  public static String name(String variant, int repetition) {
    return "%s/%s-%s".formatted(Run.MODELS, variant, repetition);
  }

  /**
   * Saves the model of a training and its record.
   *
   * @param task such as {@code task2}
   * @param keptEpoch the epoch whose weights the graph has
   * @param images what the model was trained on
   */
  public static <C extends Record & TrainingConfig> void save(
      RunDirectory directory,
      String task,
      Variant<C> variant,
      int repetition,
      ComputationGraph graph,
      int keptEpoch,
      ModelRecord.Images images)
      throws IOException {
    C config = variant.config();
    ModelRecord.save(
        directory,
        name(variant.name(), repetition),
        graph,
        new ModelRecord.Trained(
            task,
            config.experiment(),
            variant.name(),
            repetition,
            config.seed(repetition),
            Enums.label(config.engine()),
            keptEpoch),
        images,
        config);
  }

  /**
   * Copies the model of the median run.
   *
   * @param repetition the median run; null when all trainings diverged, and then nothing is copied
   */
  public static void keepMedian(RunDirectory directory, String variant, Integer repetition)
      throws IOException {
    if (repetition != null) {
      ModelRecord.copy(directory, name(variant, repetition), MEDIAN);
    }
  }
}

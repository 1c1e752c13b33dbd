package cnnlab.experiment;

import cnnlab.inference.EpochWeights;
import cnnlab.inference.ModelRecord;
import cnnlab.run.Run;
import cnnlab.scratch.layer.Shape;
import cnnlab.store.RunDirectory;
import cnnlab.text.Enums;
import cnnlab.training.TrainingListener;
import cnnlab.training.WeightKeeper;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
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

  private static String weightsFolder(String variant, int repetition) {
    return name(variant, repetition) + "." + EpochWeights.FOLDER;
  }

  /**
   * Keeps the weights of a training's epochs beside its model.
   *
   * @param network makes the network, with any weights
   * @param input shape of one image
   */
  public static TrainingListener keeper(
      RunDirectory directory,
      Variant<? extends TrainingConfig> variant,
      int repetition,
      Supplier<ComputationGraph> network,
      Shape input) {
    return new WeightKeeper(
        directory,
        new WeightKeeper.Epochs(
            weightsFolder(variant.name(), repetition),
            variant.config().keepWeightsEvery(),
            variant.config().epochs()),
        network,
        input);
  }

  /**
   * The names of the files that {@link #keeper} has written.
   *
   * @param done the number of epochs that were trained
   */
  public static List<String> weights(
      Variant<? extends TrainingConfig> variant, int repetition, int done) {
    return EpochWeights.names(
        weightsFolder(variant.name(), repetition),
        variant.config().keepWeightsEvery(),
        variant.config().epochs(),
        done);
  }

  /**
   * Copies the model of the median run, with the weights of its epochs if they were kept.
   *
   * @param repetition the median run; null when all trainings diverged, and then nothing is copied
   */
  public static void keepMedian(RunDirectory directory, String variant, Integer repetition)
      throws IOException {
    if (repetition != null) {
      ModelRecord.copy(directory, name(variant, repetition), MEDIAN);
      EpochWeights.copy(directory, weightsFolder(variant, repetition), EpochWeights.FOLDER);
    }
  }
}

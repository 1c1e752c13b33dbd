package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.model.GraphEnds;
import cnnlab.model.summary.ModelSummary;
import cnnlab.scratch.layer.Shape;
import org.deeplearning4j.nn.conf.inputs.InputType;

/** Summarises a model that was read from a file. */
public final class LoadedSummary {
  private LoadedSummary() {}

  /**
   * The layers of a model for inputs of a shape.
   *
   * @param input the layout of one input
   * @throws UsageException when the model does not accept such inputs
   */
  public static ModelSummary of(LoadedModel model, ArrayLayout input) {
    Shape shape = input.shape();
    boolean vectors = GraphEnds.takesVectors(model.graph());
    try {
      return ModelSummary.of(
          model.graph(),
          vectors && shape.isVector()
              ? InputType.feedForward(shape.channels())
              : InputType.convolutional(shape.height(), shape.width(), shape.channels()));
    } catch (RuntimeException e) {
      throw new UsageException(
          "%s does not fit inputs of shape %s each: %s"
              .formatted(model.file(), input, e.getMessage()),
          e);
    }
  }
}

package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.model.GraphEnds;
import cnnlab.model.summary.ModelSummary;
import cnnlab.scratch.layer.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      ModelSummary summary =
          ModelSummary.of(
              model.graph(),
              vectors && shape.isVector()
                  ? InputType.feedForward(shape.channels())
                  : InputType.convolutional(shape.height(), shape.width(), shape.channels()));
      return model.ends() == null
          ? summary
          : summary.apart(inputs(model.ends()), model.ends().joining());
    } catch (RuntimeException e) {
      throw new UsageException(
          "%s does not fit inputs of shape %s each: %s"
              .formatted(model.file(), model.inputText(input), e.getMessage()),
          e);
    }
  }

  private static Map<String, List<Long>> inputs(ModelEnds ends) {
    Map<String, List<Long>> inputs = new LinkedHashMap<>();
    for (ModelEnds.End end : ends.inputs()) {
      Shape s = end.layout().shape();
      List<Integer> sizes =
          end.layout().sizes().size() == 1
              ? end.layout().sizes()
              : List.of(s.height(), s.width(), s.channels());
      inputs.put(end.vertex(), sizes.stream().map(Integer::longValue).toList());
    }
    return inputs;
  }
}

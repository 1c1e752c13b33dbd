package cnnlab.scratch.layer;

import java.util.List;

/**
 * Puts the channels of its inputs one after another: [N, C₁, H, W], [N, C₂, H, W], … become [N, C₁
 * + C₂ + …, H, W]; or the features of vectors.
 */
public record Concatenate() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("Concatenate takes at least one input");
    }
    Shape first = inputs.get(0);
    int channels = 0;
    for (Shape shape : inputs) {
      if (shape.height() != first.height() || shape.width() != first.width()) {
        throw new IllegalArgumentException(
            "Concatenate takes inputs of one height and width, not %s".formatted(inputs));
      }
      channels = Math.addExact(channels, shape.channels());
    }
    return new Shape(channels, first.height(), first.width());
  }

  @Override
  public void forward(LayerContext pass) {
    forEachPart(
        pass,
        (k, at, length, inOutput) ->
            System.arraycopy(pass.inputs[k], at, pass.output, inOutput, length));
  }

  @Override
  public void backward(LayerContext pass) {
    forEachPart(
        pass,
        (k, at, length, inOutput) -> {
          if (pass.inputGradients[k] != null) {
            System.arraycopy(pass.outputGradient, inOutput, pass.inputGradients[k], at, length);
          }
        });
  }

  /** One group of input k: where it begins there, how long it is, where it stands in the output. */
  private interface Part {
    void at(int k, int at, int length, int inOutput);
  }

  private static void forEachPart(LayerContext pass, Part part) {
    int lanes = pass.kernels.lanes();
    for (int g = pass.from; g < pass.to; g++) {
      int inOutput = g * pass.node.shape().size() * lanes;
      for (int k = 0; k < pass.inputs.length; k++) {
        int length = pass.inShapes[k].size() * lanes;
        part.at(k, g * length, length, inOutput);
        inOutput += length;
      }
    }
  }
}

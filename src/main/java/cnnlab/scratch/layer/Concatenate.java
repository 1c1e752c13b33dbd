package cnnlab.scratch.layer;

import java.util.List;

/**
 * Joins its inputs along the channels: [N, C₁, H, W], [N, C₂, H, W], … become [N, C₁ + C₂ + …, H,
 * W]; or vectors along their features.
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
  public void forward(LayerContext context) {
    forEachPart(
        context,
        (k, at, length, inOutput) ->
            System.arraycopy(context.inputs[k], at, context.output, inOutput, length));
  }

  @Override
  public void backward(LayerContext context) {
    forEachPart(
        context,
        (k, at, length, inOutput) -> {
          if (context.inputGradients[k] != null) {
            System.arraycopy(
                context.outputGradient, inOutput, context.inputGradients[k], at, length);
          }
        });
  }

  /** Receives one group of input k: its position there, its length, its position in the output. */
  private interface Part {
    void at(int k, int at, int length, int inOutput);
  }

  private static void forEachPart(LayerContext context, Part part) {
    int lanes = context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      int inOutput = g * context.node.shape().size() * lanes;
      for (int k = 0; k < context.inputs.length; k++) {
        int length = context.inShapes[k].size() * lanes;
        part.at(k, g * length, length, inOutput);
        inOutput += length;
      }
    }
  }
}

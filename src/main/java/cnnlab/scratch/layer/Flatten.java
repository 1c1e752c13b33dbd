package cnnlab.scratch.layer;

import java.util.List;

/**
 * Reads [N, C, H, W] as [N, C·H·W], channels first, as DL4J does. Nothing is copied: input and
 * output share their memory.
 */
public record Flatten() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.vector(Layer.single(this, inputs).size());
  }

  @Override
  public boolean isView() {
    return true;
  }

  @Override
  public void forward(LayerContext context) {
    // A view: the output is the input's memory.
  }

  @Override
  public void backward(LayerContext context) {
    // A view: so are their gradients.
  }
}

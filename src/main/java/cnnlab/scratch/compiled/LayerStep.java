package cnnlab.scratch.compiled;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.layer.LayerContext;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;

/** Any other layer: as it is written, image by image, on arrays [C, H, W]. */
final class LayerStep implements Step {
  private static final Kernels PLAIN = new ReferenceKernels();

  private final List<Rows> in;
  private final Rows out;
  private final Node node;
  private final float[] parameters;
  private final List<LayerContext> contexts = new ArrayList<>();
  private int images;
  private int tasks;

  LayerStep(List<Rows> in, Rows out, Node node, float[] parameters) {
    this.in = in;
    this.out = out;
    this.node = node;
    this.parameters = parameters;
  }

  @Override
  public double nanoseconds() {
    return Cost.plain(node, in.get(0).shape);
  }

  @Override
  public int divide(int count, int threads) {
    images = count;
    tasks = Math.min(count, threads);
    while (contexts.size() < tasks) {
      contexts.add(newContext());
    }
    return tasks;
  }

  @Override
  public void run(int task, Scratchpad pad) {
    LayerContext context = contexts.get(task);
    context.scratchpad = pad;
    for (int image = images * task / tasks; image < images * (task + 1) / tasks; image++) {
      for (int k = 0; k < in.size(); k++) {
        in.get(k).store(image, context.inputs[k], 0);
      }
      node.layer().forward(context);
      out.load(context.output, 0, image);
    }
  }

  private LayerContext newContext() {
    Shape[] shapes = in.stream().map(x -> x.shape).toArray(Shape[]::new);
    float[][] inputs = new float[shapes.length][];
    for (int k = 0; k < shapes.length; k++) {
      inputs[k] = new float[shapes[k].size()];
    }
    LayerContext.Tensors tensors =
        new LayerContext.Tensors(shapes, inputs, new float[out.shape.size()], null, null);
    LayerContext context = new LayerContext(PLAIN, node, tensors, parameters, null, null);
    context.groups = new Range(0, 1);
    context.batch = new LayerContext.Batch(1, 0, 0);
    node.layer().expand(parameters, node.parameterOffset(), context.expanded);
    return context;
  }
}

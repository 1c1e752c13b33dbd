package cnnlab.scratch;

/**
 * The memory of one computation: activations of every node for a fixed number of images, allocated
 * once. Between plain [N, C, H, W] arrays and the grouped layout of {@link Pass} it is the only
 * place that converts.
 */
final class Buffers {
  private final Network network;
  private final float[] input;
  private final float[][] outputs;
  private final Pass[] passes;
  private final int lanes;

  /**
   * @param images how many images fit
   */
  Buffers(Network network, int images) {
    this.network = network;
    this.lanes = network.kernels().lanes();
    int groups = groups(images);
    this.input = new float[groups * network.inputShape().size() * lanes];
    this.outputs = new float[network.nodes().size()][];
    this.passes = new Pass[network.nodes().size()];
    for (int k = 0; k < outputs.length; k++) {
      Network.Node node = network.nodes().get(k);
      outputs[k] =
          node.layer().isView()
              ? tensor(node.inputs().get(0))
              : new float[groups * node.shape().size() * lanes];
      passes[k] = newPass(node, outputs[k]);
    }
  }

  private Pass newPass(Network.Node node, float[] output) {
    Pass pass = new Pass();
    pass.kernels = network.kernels();
    pass.node = node;
    pass.parameters = network.parameters();
    pass.output = output;
    pass.inputs = node.inputs().stream().map(this::tensor).toArray(float[][]::new);
    pass.inShapes = node.inputs().stream().map(this::shape).toArray(Shape[]::new);
    return pass;
  }

  private float[] tensor(int k) {
    return k < 0 ? input : outputs[k];
  }

  private Shape shape(int k) {
    return k < 0 ? network.inputShape() : network.nodes().get(k).shape();
  }

  private int groups(int images) {
    return (images + lanes - 1) / lanes;
  }

  /** Node k's pass over the images that were loaded last. */
  Pass pass(int k) {
    return passes[k];
  }

  /**
   * Takes images [count, C, H, W] from {@code x}, beginning with image {@code from}; a last group
   * that is not full is filled up with zeros.
   */
  void load(float[] x, int from, int count) {
    int size = network.inputShape().size();
    if (x.length < (from + count) * size) {
      throw new IllegalArgumentException(
          "%d values are not %d images of %s"
              .formatted(x.length, from + count, network.inputShape()));
    }
    int groups = groups(count);
    for (int g = 0; g < groups; g++) {
      for (int l = 0; l < lanes; l++) {
        int image = g * lanes + l;
        for (int i = 0; i < size; i++) {
          input[(g * size + i) * lanes + l] = image < count ? x[(from + image) * size + i] : 0;
        }
      }
    }
    for (Pass pass : passes) {
      pass.from = 0;
      pass.to = groups;
    }
  }

  /**
   * Writes node k's output of the loaded images to {@code out} [.., C, H, W] from image {@code
   * from} on.
   */
  void store(int k, float[] out, int from, int count) {
    int size = shape(k).size();
    float[] tensor = tensor(k);
    for (int image = 0; image < count; image++) {
      int begin = image / lanes * size * lanes + image % lanes;
      for (int i = 0; i < size; i++) {
        out[(from + image) * size + i] = tensor[begin + i * lanes];
      }
    }
  }
}

package cnnlab.bench.growth;

import cnnlab.data.Seeds;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** What grows, with networks of 3x3 convolutions that are alike in everything else. */
public enum Dimension {
  /** Images, each [1, 28, 28], through two convolutions of 8 channels. */
  IMAGES("images", List.of(1, 10, 100, 1000, 10_000, 100_000)) {
    @Override
    Network network(int size) {
      return chain(new Shape(1, 28, 28), 8, 2);
    }

    @Override
    int images(int size) {
      return size;
    }
  },

  /** Channels of two convolutions at 14x14. */
  CHANNELS("channels", List.of(8, 16, 32, 64, 128, 256, 512)) {
    @Override
    Network network(int size) {
      return chain(new Shape(size, 14, 14), size, 2);
    }
  },

  /** Height and width of images through two convolutions of 16 channels. */
  RESOLUTION("pixels of height and width", List.of(28, 56, 112, 224)) {
    @Override
    Network network(int size) {
      return chain(new Shape(3, size, size), 16, 2);
    }
  },

  /** Convolutions of 16 channels at 14x14. */
  DEPTH("convolutions", List.of(5, 10, 20, 40, 75, 150)) {
    @Override
    Network network(int size) {
      return chain(new Shape(16, 14, 14), 16, size);
    }
  };

  private static final int IMAGES_PER_CALL = 32;
  private static final int CLASSES = 10;
  private static final long SEED = 1;

  private final String axis;
  private final List<Integer> sizes;

  Dimension(String axis, List<Integer> sizes) {
    this.axis = axis;
    this.sizes = sizes;
  }

  /** The name of the axis. */
  public String axis() {
    return axis;
  }

  /** The sizes, ascending. */
  public List<Integer> sizes() {
    return sizes;
  }

  /** The network of a size. */
  abstract Network network(int size);

  /** Images that are computed at a size. */
  int images(int size) {
    return IMAGES_PER_CALL;
  }

  /** Convolutions with ReLU, global average pooling, and a classifier. */
  private static Network chain(Shape input, int channels, int depth) {
    Network.Builder builder = Network.builder(input);
    Window window = Window.square(3, 1, Padding.SAME);
    int before = input.channels();
    for (int d = 1; d <= depth; d++) {
      builder.add("conv" + d, new Conv2d(before, channels, window, true, true));
      before = channels;
    }
    builder
        .add("global", new GlobalAvgPool2d())
        .add("dense", new Dense(channels, CLASSES, true, false))
        .add("softmax", new Softmax());
    float[] parameters = new float[builder.parameterCount()];
    SplittableRandom random = Seeds.random(SEED, "growth");
    // Of the size that keeps activations alike from layer to layer (He et al. 2015).
    double size = Math.sqrt(6.0 / (9 * channels));
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (size * (2 * random.nextDouble() - 1));
    }
    return builder.build(parameters, Kernels.best());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

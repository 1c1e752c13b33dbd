package cnnlab.explorer;

import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.metric.ClassMetrics;
import cnnlab.model.MnistCnn;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Images to look at that fit a network: MNIST's test images, PatchCamelyon's validation patches.
 */
final class Examples {
  private static final Shape DIGIT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final Shape PATCH = new Shape(3, PatchCamelyon.CENTRE, PatchCamelyon.CENTRE);

  /** Images that are searched for mistakes. */
  private static final int MOST_SEARCHED = 2000;

  private final Datasets datasets;
  private ImageSet digits;
  private Optional<ImageSet> patches;

  Examples(Datasets datasets) {
    this.datasets = datasets;
  }

  /** The set that fits, or empty. */
  synchronized Optional<ImageSet> of(Shape shape) {
    if (shape.equals(DIGIT)) {
      if (digits == null) {
        digits = Mnist.load(datasets).test();
      }
      return Optional.of(digits);
    }
    if (shape.equals(PATCH)) {
      if (patches == null) {
        patches = PatchCamelyon.validation(datasets);
      }
      return patches;
    }
    return Optional.empty();
  }

  /**
   * An image of a set.
   *
   * @throws IllegalArgumentException when there is no such image
   */
  static Answers.Example image(ImageSet set, int index) {
    if (index < 0 || index >= set.count()) {
      throw new IllegalArgumentException(
          "%s has no image %s; its images are 0 to %s"
              .formatted(set.name(), index, set.count() - 1));
    }
    int size = set.imageSize();
    return new Answers.Example(
        set.name(),
        index,
        set.count(),
        set.labels()[index],
        Arrays.copyOfRange(set.pixels(), index * size, (index + 1) * size));
  }

  /** The first images of a set that a model classifies wrongly. */
  static Answers.Mistakes mistakes(Subject subject, ImageSet set) {
    Network network = subject.network();
    int classes = network.outputShape().size();
    int n = Math.min(MOST_SEARCHED, set.count());
    int size = set.imageSize();
    float[] x = new float[n * size];
    for (int i = 0; i < n; i++) {
      byte[] image = Arrays.copyOfRange(set.pixels(), i * size, (i + 1) * size);
      System.arraycopy(subject.prepare(image).input(), 0, x, i * size, size);
    }
    float[] p = network.predict(x, n);
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (set.labels()[i] >= 0 && ClassMetrics.argmax(p, i * classes, classes) != set.labels()[i]) {
        wrong.add(i);
      }
    }
    return new Answers.Mistakes(n, List.copyOf(wrong));
  }
}

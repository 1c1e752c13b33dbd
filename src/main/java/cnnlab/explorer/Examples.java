package cnnlab.explorer;

import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.model.MnistCnn;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Images to look at that fit a network: MNIST's test images, PatchCamelyon's validation patches.
 */
final class Examples {
  private static final Shape DIGIT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final Shape PATCH = new Shape(3, PatchCamelyon.CENTRE, PatchCamelyon.CENTRE);

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
}

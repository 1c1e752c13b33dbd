package cnnlab.crosscheck;

import cnnlab.augment.Preprocessing;
import cnnlab.config.UsageException;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.Seeds;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.scratch.kernel.ReferenceKernels;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The default inputs of a comparison: a data set whose images fit the model, with the preprocessing
 * of its training, or random images.
 */
public final class ComparisonInputs {
  private static final ArrayLayout DIGITS = new ArrayLayout(List.of(28, 28, 1));
  private static final ArrayLayout DIGITS_IN_A_ROW = new ArrayLayout(List.of(28 * 28));
  private static final ArrayLayout PATCHES =
      new ArrayLayout(List.of(PatchCamelyon.CENTRE, PatchCamelyon.CENTRE, 3));
  private static final int MOST_PATCHES = 1000;
  private static final int MOST_RANDOM = 64;
  private static final int MOST_RANDOM_VALUES = 1 << 22;
  private static final long SEED = 1;

  private ComparisonInputs() {}

  /**
   * Chooses the MNIST test images for [28, 28, 1], [28, 28] and [784]; up to 1,000 validation
   * patches of PatchCamelyon, if present, for [32, 32, 3]; otherwise up to 64 inputs with values
   * uniform in [-1, 1), always the same.
   *
   * @throws UsageException when the size of the images is not in the file and cannot be determined,
   *     or the engine does not support the model
   */
  public static ModelInputs of(LoadedModel model, Datasets datasets) {
    ArrayLayout layout = model.input() != null ? model.input() : found(model);
    if (model.ends() != null && model.ends().inputs().size() > 1) {
      return random(layout);
    }
    if (layout.shape().equals(DIGITS.shape()) || layout.equals(DIGITS_IN_A_ROW)) {
      ImageSet digits = prepared(Mnist.load(datasets).test(), model);
      return ModelInputs.of(digits, layout, digits.count());
    }
    if (layout.shape().equals(PATCHES.shape())) {
      Optional<ImageSet> patches = PatchCamelyon.validation(datasets);
      if (patches.isPresent()) {
        return ModelInputs.of(prepared(patches.get(), model), layout, MOST_PATCHES);
      }
    }
    return random(layout);
  }

  /** Applies the preprocessing of a run, as {@code predict} does. */
  private static ImageSet prepared(ImageSet set, LoadedModel model) {
    Preprocessing steps = ModelPreprocessing.of(null, model.file());
    if (steps.isEmpty()) {
      return set;
    }
    ImageSet made = steps.apply(set);
    return new ImageSet(
        "%s (%s)".formatted(set.name(), String.join(", ", steps.names())),
        made.channels(),
        made.height(),
        made.width(),
        made.classes(),
        made.pixels(),
        made.labels());
  }

  private static ModelInputs random(ArrayLayout layout) {
    int n = Math.max(1, Math.min(MOST_RANDOM, MOST_RANDOM_VALUES / layout.size()));
    SplittableRandom random = Seeds.random(SEED, "comparison-inputs");
    float[] values = new float[n * layout.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    String what = "random inputs, uniform in [-1, 1), seed %s".formatted(SEED);
    return new ModelInputs(what, layout, n, values, null);
  }

  /** Those of MNIST and PatchCamelyon come first. */
  private static ArrayLayout found(LoadedModel model) {
    ReferenceKernels kernels = new ReferenceKernels();
    return InputShapes.tried(model, shape -> model.takes(shape, kernels))
        .orElseThrow(
            () ->
                new UsageException(
                    "%s: the file does not give the size of its images; provide some with --inputs X.npy"
                        .formatted(model.file())));
  }
}

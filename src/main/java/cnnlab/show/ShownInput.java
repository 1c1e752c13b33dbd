package cnnlab.show;

import cnnlab.augment.Preprocessing;
import cnnlab.config.UsageException;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.file.NpyFile;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.ImageFile;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.inference.PixelScale;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The input that a model is shown with.
 *
 * @param what its source, for people
 * @param layout the user's layout
 * @param values [C, H, W]
 * @param pixels the 8-bit image [H, W, C] that the values were made of, with C 1 or 3; null for
 *     values of a {@code .npy} file
 * @param label the true class, or null if it is not known
 */
public record ShownInput(
    String what, ArrayLayout layout, float[] values, byte[] pixels, Integer label) {
  private static final String NPY = ".npy";
  private static final ArrayLayout DIGITS = new ArrayLayout(List.of(28, 28, 1));
  private static final ArrayLayout PATCHES =
      new ArrayLayout(List.of(PatchCamelyon.CENTRE, PatchCamelyon.CENTRE, 3));
  private static final int GREY = 1;
  private static final int RGB = 3;

  /**
   * How an image becomes an input.
   *
   * @param scale of 8-bit values
   * @param inverted whether dark becomes light first
   * @param example number of the example of a {@code .npy} file, from 0
   */
  public record Options(PixelScale scale, boolean inverted, int example) {}

  /** The shape of the shown input in the engines. */
  public Shape shape() {
    return layout.shape();
  }

  /**
   * Finds the input that the user names.
   *
   * @param name the number of a test image, from 0: of MNIST, or of the validation patches of
   *     PatchCamelyon, whichever fits the model; or an image file; or a {@code .npy} file
   * @throws UsageException when there is no such input, or it does not fit the model
   * @throws cnnlab.data.file.DataException when a file is missing or damaged
   */
  public static ShownInput of(String name, LoadedModel model, Datasets datasets, Options options) {
    if (name.matches("\\d{1,9}")) {
      return numbered(Integer.parseInt(name), model, datasets, options);
    }
    Path file = Path.of(name);
    if (name.toLowerCase(Locale.ROOT).endsWith(NPY)) {
      return ofArray(file, model, options.example);
    }
    if (!Files.exists(file) && name.matches("-?\\d+")) {
      throw new UsageException(
          "--input is %s; the number of a test image is 0 or more".formatted(name));
    }
    return ofFile(file, model, options);
  }

  private static ShownInput ofArray(Path file, LoadedModel model, int example) {
    ModelInputs inputs = ModelInputs.of(file, NpyFile.read(file), model);
    if (example >= inputs.count()) {
      throw new UsageException(
          "--example is %s, but %s has %s examples, 0 to %s"
              .formatted(example, file, inputs.count(), inputs.count() - 1));
    }
    int size = inputs.shape().size();
    return new ShownInput(
        "example %s of %s".formatted(example, file),
        inputs.layout(),
        Arrays.copyOfRange(inputs.values(), example * size, (example + 1) * size),
        null,
        null);
  }

  private static ShownInput ofFile(Path file, LoadedModel model, Options options) {
    ArrayLayout layout = layout(model);
    Shape shape = picture(layout, model, file.toString());
    ImageFile image = ImageFile.read(file, shape.height(), shape.width(), shape.channels());
    String scaled =
        image.isScaled(shape.height(), shape.width())
            ? " (%sx%s pixels, its centre scaled to %sx%s)"
                .formatted(
                    image.originalWidth(), image.originalHeight(), shape.width(), shape.height())
            : "";
    return ofPixels(file + scaled, layout, shape, image.pixels(), null, model, options);
  }

  private static ShownInput numbered(
      int number, LoadedModel model, Datasets datasets, Options options) {
    ArrayLayout layout = layout(model);
    Shape shape = layout.shape();
    ImageSet set;
    if (shape.equals(DIGITS.shape()) || shape.isVector() && shape.size() == DIGITS.size()) {
      set = Mnist.load(datasets).test();
    } else if (shape.equals(PATCHES.shape())) {
      PatchCamelyon.folder(datasets); // says how to get the data if no place has it
      set = PatchCamelyon.validation(datasets).orElseThrow();
    } else {
      throw new UsageException(
          "--input is %s, a test image of MNIST [28, 28, 1] or PatchCamelyon [32, 32, 3], but the inputs of %s are %s; name an image file or a .npy file (as ./%s if its name is this number)"
              .formatted(number, model.file(), layout, number));
    }
    if (number >= set.count()) {
      throw new UsageException(
          "--input is %s, but the images of %s are 0 to %s"
              .formatted(number, set.name(), set.count() - 1));
    }
    int size = set.imageSize();
    byte[] pixels = Arrays.copyOfRange(set.pixels(), number * size, (number + 1) * size);
    Shape images = new Shape(set.channels(), set.height(), set.width());
    return ofPixels(
        "image %s of %s".formatted(number, set.name()),
        layout,
        images,
        pixels,
        set.labels()[number],
        model,
        options);
  }

  private static ShownInput ofPixels(
      String what,
      ArrayLayout layout,
      Shape shape,
      byte[] pixels,
      Integer label,
      LoadedModel model,
      Options options) {
    byte[] ready = pixels.clone();
    for (int i = 0; options.inverted && i < ready.length; i++) {
      ready[i] = (byte) ~ready[i];
    }
    Preprocessing steps = ModelPreprocessing.of(null, model.file());
    String prepared = what + (options.inverted ? ", inverted" : "");
    if (!steps.isEmpty()) {
      byte[] from = ready.clone();
      steps.pipeline().apply(from, 0, shape.height(), shape.width(), shape.channels(), 0, ready, 0);
      prepared += " (%s)".formatted(String.join(", ", steps.names()));
    }
    float[] values = options.scale.apply(ready, 1, shape.channels());
    return new ShownInput(prepared, layout, values, ready, label);
  }

  private static ArrayLayout layout(LoadedModel model) {
    return InputShapes.find(model)
        .orElseThrow(
            () ->
                new UsageException(
                    "%s: the file does not give the size of its inputs, and none of the usual sizes fits; give one example as a .npy file"
                        .formatted(model.file())));
  }

  private static Shape picture(ArrayLayout layout, LoadedModel model, String name) {
    Shape shape = layout.shape();
    if (shape.isVector() && shape.size() == DIGITS.size()) {
      return DIGITS.shape();
    }
    if (shape.isVector() || shape.channels() != GREY && shape.channels() != RGB) {
      throw new UsageException(
          "--input is %s, an image, but the inputs of %s are %s; expected images [H, W, 1] or [H, W, 3]. Give one example as a .npy file"
              .formatted(name, model.file(), layout));
    }
    return shape;
  }
}

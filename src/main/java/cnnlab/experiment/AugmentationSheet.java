package cnnlab.experiment;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Pipeline;
import cnnlab.augment.Preprocessing;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.file.DataException;
import cnnlab.plot.Picture;
import cnnlab.plot.sheet.ContactSheet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Images of each class before and after augmentation: the original, the preprocessed image, and the
 * image of each of the first epochs.
 */
public final class AugmentationSheet {
  private static final int VARIANTS = 5;

  /** About how many rows all classes share. */
  private static final int ROWS = 8;

  private AugmentationSheet() {}

  /**
   * Draws the sheet.
   *
   * @param title the heading, followed by the seed and the transforms
   * @param set the images; the first of each class are drawn
   * @param names of the classes [K]
   * @param chosenSeed seed of the random numbers
   * @throws DataException when a class has no image
   * @throws IllegalArgumentException when a transform does not fit the images, such as a colour
   *     transform on grey images
   */
  public static Picture draw(
      String title,
      ImageSet set,
      List<String> names,
      Augmentation augmentation,
      Preprocessing preprocessing,
      long chosenSeed) {
    long stream = Seeds.derive(chosenSeed, "augment");
    Pipeline prepare = preprocessing.pipeline();
    Pipeline augment = augmentation.pipeline();
    List<ContactSheet.Row> rows = new ArrayList<>();
    int perClass = Math.max(1, ROWS / set.classes());
    for (int label = 0; label < set.classes(); label++) {
      for (int index : first(set, label, perClass)) {
        byte[] original =
            Arrays.copyOfRange(
                set.pixels(), index * set.imageSize(), (index + 1) * set.imageSize());
        List<byte[]> images = new ArrayList<>(List.of(original));
        byte[] prepared = apply(prepare, set, original, 0);
        if (!preprocessing.isEmpty()) {
          images.add(prepared);
        }
        for (int epoch = 1; epoch <= VARIANTS; epoch++) {
          images.add(apply(augment, set, prepared, ImageRandom.imageSeed(stream, epoch, index)));
        }
        rows.add(new ContactSheet.Row(names.get(label), images));
      }
    }
    List<String> columns = new ArrayList<>(List.of("original"));
    if (!preprocessing.isEmpty()) {
      columns.add("prepared");
    }
    for (int epoch = 1; epoch <= VARIANTS; epoch++) {
      columns.add("epoch " + epoch);
    }
    String line = "%s, seed %s: %s".formatted(title, chosenSeed, describe(augmentation));
    return ContactSheet.draw(
        line, columns, rows, new ContactSheet.Shape(set.height(), set.width(), set.channels()));
  }

  private static int[] first(ImageSet set, int label, int most) {
    int[] found =
        IntStream.range(0, set.count()).filter(i -> set.labels()[i] == label).limit(most).toArray();
    if (found.length == 0) {
      throw new DataException(
          "%s: no image of class %d found, at least one expected. Use a complete data set."
              .formatted(set.name(), label));
    }
    return found;
  }

  private static byte[] apply(Pipeline pipeline, ImageSet set, byte[] image, long imageSeed) {
    byte[] result = new byte[image.length];
    try {
      pipeline.apply(image, 0, set.height(), set.width(), set.channels(), imageSeed, result, 0);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("on %s: %s".formatted(set.name(), e.getMessage()), e);
    }
    return result;
  }

  /** Names and parameters; a probability of 1 is left out. */
  private static String describe(Augmentation augmentation) {
    return augmentation.transforms().stream()
        .map(
            t ->
                t.parameters().entrySet().stream()
                    .filter(e -> !e.getKey().equals("probability") || !e.getValue().equals(1.0))
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", ", t.name() + " (", ")")))
        .collect(Collectors.joining(" · "))
        .replace(" ()", "");
  }
}

package cnnlab.augment;

import cnnlab.augment.Augmentation.Transform;
import cnnlab.augment.transform.Elastic;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Warns about transforms that change the meaning of a data set's images. */
public final class AugmentationAdvice {
  /** Beyond this a 6 begins to look like a 9, and a 7 like an L. */
  private static final double DIGIT_DEGREES = 45;

  private static final double DIGIT_SHEAR = 0.7;
  private static final double DIGIT_ZOOM = 0.4;
  private static final double DIGIT_FRACTION = 0.2;

  /** MNIST's digits fill the central 20x20 of 28x28 pixels. */
  private static final double DIGIT_PIXELS = 6;

  /** Standard deviation of the displacement, in pixels, at full strength. */
  private static final double DIGIT_DISPLACEMENT = 3.5;

  /** PatchCamelyon's label tells whether the central 32x32 of 96x96 pixels contain tumour. */
  private static final double PATCH_FRACTION = 1.0 / 6;

  private static final double PATCH_PIXELS = 16;

  /** Half of the side of a patch. */
  private static final double PATCH_CUTOUT = 16;

  /** In pixels; nuclei are about eight wide. */
  private static final double PATCH_BLUR = 2;

  private static final double PATCH_STAIN = 0.3;

  /** In optical density: more turns white glass green or yellow. */
  private static final double PATCH_STAIN_BIAS = 0.1;

  private static final double PATCH_QUALITY = 20;

  /** Half of a digit. */
  private static final double DIGIT_CUTOUT = 14;

  private AugmentationAdvice() {}

  /**
   * The warnings about an augmentation.
   *
   * @param dataset the data set's name: {@code "mnist"}, {@code "patchcam"}, {@code
   *     "patchcamelyon"} or {@code "pcam96"}; for others there are no warnings
   * @return one sentence for each warning, in the order of the transforms
   */
  public static List<String> warnings(String dataset, Augmentation augmentation) {
    Stream<Transform> transforms = augmentation.transforms().stream();
    return switch (dataset) {
      case "mnist" ->
          transforms.map(AugmentationAdvice::onDigits).filter(Objects::nonNull).toList();
      case "patchcam", "patchcamelyon", "pcam96" ->
          transforms.map(AugmentationAdvice::onTissue).filter(Objects::nonNull).toList();
      default -> List.of();
    };
  }

  private static String onDigits(Transform t) {
    return switch (t.name()) {
      case "flip" ->
          "flip: mirrored digits are not digits (2, 3, 4, 5, 7), and 6 and 9"
              + " flipped along both axes turn into each other.";
      case "quarterTurns" -> "quarterTurns: half a turn exchanges 6 and 9.";
      case "transpose" -> "transpose: a transposed digit is mirrored and lies on its side.";
      case "rotate" ->
          t.number("degrees") > DIGIT_DEGREES
              ? "rotate: ±%s° is more than ±45°; rotated that far, digits look like others (6 and 9, 1 and -, 7 and L)."
                  .formatted(plain(t.number("degrees")))
              : null;
      case "shear" ->
          t.number("factor") > DIGIT_SHEAR
              ? "shear: ±%s slants digits by more than 35°, so strokes leave the image."
                  .formatted(plain(t.number("factor")))
              : null;
      case "zoom" ->
          t.number("factor") + t.number("perAxis") > DIGIT_ZOOM
              ? "zoom: beyond ±40 % strokes leave the image or merge."
              : null;
      case "translate" ->
          t.number("pixels") > DIGIT_PIXELS || t.number("fraction") > DIGIT_FRACTION
              ? "translate: more than about 20 % or 6 of 28 pixels shifts strokes out of the image."
              : null;
      case "elastic" ->
          displacement(t) > DIGIT_DISPLACEMENT
              ? String.format(
                  Locale.ROOT,
                  "elastic: at full strength pixels move by %.1f pixels (standard deviation); beyond about 3.5, digits fall apart.",
                  displacement(t))
              : null;
      case "cutout" ->
          t.number("size") > DIGIT_CUTOUT
              ? "cutout: a square of more than 14 pixels hides most of a digit, which is 20 pixels wide."
              : null;
      case "stain", "tonal", "hueSaturation", "stainTemplates", "randomised" ->
          t.name() + ": MNIST images are grey, so this transform will be refused.";
      default -> null;
    };
  }

  private static String onTissue(Transform t) {
    return switch (t.name()) {
      case "translate" ->
          t.number("pixels") > PATCH_PIXELS || t.number("fraction") > PATCH_FRACTION
              ? "translate: the label refers to the central third of the patch; a shift of more than a"
                  + " sixth moves the content out of it."
              : blackCorners(t);
      case "rotate", "zoom", "shear", "elastic" -> blackCorners(t);
      case "cutout" ->
          t.number("size") > PATCH_CUTOUT
              ? "cutout: a square of more than 16 pixels can hide the few cells that decide the"
                  + " label."
              : null;
      case "blur" ->
          t.number("sigma") > PATCH_BLUR
              ? "blur: beyond 2 pixels the texture of nuclei, about eight pixels wide, is gone."
              : null;
      case "stain" ->
          t.number("sigma") > PATCH_STAIN || t.number("bias") > PATCH_STAIN_BIAS
              ? "stain: beyond sigma 0.3 or bias 0.1, glass and tissue get colours that do not occur on slides."
              : null;
      case "jpeg" ->
          t.number("lowest") < PATCH_QUALITY
              ? "jpeg: below quality 20, a block of 8x8 pixels, the size of a nucleus, is nearly a single colour."
              : null;
      case "thickness" ->
          "thickness: meant for bright strokes on black, which tissue does not have.";
      default -> null;
    };
  }

  private static String blackCorners(Transform t) {
    if (!"zero".equals(t.parameters().get("border"))) {
      return null;
    }
    return t.name()
        + ": border zero adds black corners, which do not occur on slides; use border: reflect"
        + (t.name().equals("rotate")
            ? ", or quarterTurns, which needs neither border nor interpolation."
            : ".");
  }

  /** The standard deviation of the displacement; see {@link Elastic}. */
  private static double displacement(Transform t) {
    return t.number("alpha") / (2 * Math.sqrt(3 * Math.PI) * t.number("sigma"));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}

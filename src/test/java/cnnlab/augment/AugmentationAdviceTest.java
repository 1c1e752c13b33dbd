package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class AugmentationAdviceTest {
  private static List<String> warnings(String dataset, Object... list) {
    return AugmentationAdvice.warnings(dataset, Augmentation.of(List.of(list)));
  }

  @Test
  void warnsOfFlipsAndLargeRotationsOfDigits() {
    assertThat(
            warnings(
                "mnist",
                Map.of("flip", Map.of("axes", "horizontal")),
                Map.of("rotate", Map.of("degrees", 46)),
                "quarterTurns",
                "transpose",
                Map.of("shear", Map.of("factor", 1)),
                Map.of("zoom", Map.of("factor", 0.5)),
                Map.of("translate", Map.of("fraction", 0.3)),
                Map.of("elastic", Map.of("alpha", 200, "sigma", 5))))
        .satisfiesExactly(
            w -> assertThat(w).startsWith("flip:"),
            w -> assertThat(w).startsWith("rotate: ±46° is more than ±45°"),
            w -> assertThat(w).startsWith("quarterTurns:"),
            w -> assertThat(w).startsWith("transpose:"),
            w -> assertThat(w).startsWith("shear:"),
            w -> assertThat(w).startsWith("zoom:"),
            w -> assertThat(w).startsWith("translate:"),
            w -> assertThat(w).startsWith("elastic: at full strength pixels move by 6.5"));
  }

  @Test
  void acceptsTheReportsAndTheStrongRecipe() {
    assertThat(
            warnings(
                "mnist",
                Map.of("rotate", Map.of("degrees", 45)),
                Map.of("shear", Map.of("factor", 0.3)),
                Map.of("zoom", Map.of("factor", 0.2, "perAxis", 0.12)),
                Map.of("translate", Map.of("pixels", 2)),
                Map.of("elastic", Map.of("alpha", 60, "sigma", 5)),
                Map.of("thickness", Map.of("amount", 1))))
        .isEmpty();
  }

  @Test
  void warnsAboutTransformsOfTissue() {
    Map<String, Object> flip = Map.of("flip", Map.of("axes", "horizontal_and_vertical"));
    assertThat(warnings("patchcam", flip, "quarterTurns", "transpose")).isEmpty();
    assertThat(
            warnings(
                "patchcam",
                Map.of("rotate", Map.of("degrees", 180)),
                Map.of("translate", Map.of("pixels", 20, "border", "reflect"))))
        .satisfiesExactly(
            w -> assertThat(w).contains("black corners"),
            w -> assertThat(w).contains("central third"));
    assertThat(warnings("other", flip)).isEmpty();
  }

  @Test
  void refusesColourTransformsOnGreyDigits() {
    assertThat(
            warnings(
                "mnist",
                Map.of("stain", Map.of("sigma", 0.05)),
                Map.of("tonal", Map.of("range", 0.2)),
                Map.of("hueSaturation", Map.of("hue", 5)),
                Map.of("stainTemplates", Map.of("count", 5)),
                Map.of("randomised", Map.of("transforms", 1, "magnitude", 5)),
                Map.of("cutout", Map.of("size", 20)),
                Map.of("channelShift", Map.of("delta", 0.1))))
        .satisfiesExactly(
            w -> assertThat(w).startsWith("stain: MNIST images are grey"),
            w -> assertThat(w).startsWith("tonal: MNIST images are grey"),
            w -> assertThat(w).startsWith("hueSaturation: MNIST images are grey"),
            w -> assertThat(w).startsWith("stainTemplates: MNIST images are grey"),
            w -> assertThat(w).startsWith("randomised: MNIST images are grey"),
            w -> assertThat(w).startsWith("cutout:"));
  }

  @Test
  void warnsAboutBlackBordersAndExcessiveStrengths() {
    Map<String, Object> turns = Map.of("rotate", Map.of("degrees", 20));
    for (String name : List.of("patchcam", "patchcamelyon", "pcam96")) {
      assertThat(warnings(name, turns))
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("border: reflect, or quarterTurns");
    }
    assertThat(
            warnings(
                "patchcam",
                Map.of("border", "reflect"),
                turns,
                Map.of("stain", Map.of("sigma", 0.05, "bias", 0.05)),
                Map.of("tonal", Map.of("range", 0.3)),
                Map.of("cutout", Map.of("size", 8)),
                Map.of("jpeg", Map.of("lowest", 20)),
                Map.of("stainTemplates", Map.of("count", 8)),
                Map.of("randomised", Map.of("transforms", 3, "magnitude", 10)),
                Map.of("blur", Map.of("sigma", 1))))
        .isEmpty();
    assertThat(
            warnings(
                "patchcam",
                Map.of("elastic", Map.of("alpha", 60, "sigma", 5)),
                Map.of("translate", Map.of("pixels", 2)),
                Map.of("stain", Map.of("sigma", 0.1, "bias", 0.4)),
                Map.of("cutout", Map.of("size", 17)),
                Map.of("blur", Map.of("sigma", 3)),
                Map.of("jpeg", Map.of("lowest", 19))))
        .satisfiesExactly(
            w -> assertThat(w).startsWith("elastic: border zero"),
            w -> assertThat(w).startsWith("translate: border zero"),
            w -> assertThat(w).startsWith("stain:"),
            w -> assertThat(w).startsWith("cutout:"),
            w -> assertThat(w).startsWith("blur:"),
            w -> assertThat(w).startsWith("jpeg:"));
  }
}

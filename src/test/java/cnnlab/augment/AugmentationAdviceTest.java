package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
  void theReportsAndTheStrongRecipeAreFine() {
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
  void tissueHasOtherTroubles() {
    Map<String, Object> flip = Map.of("flip", Map.of("axes", "horizontal_and_vertical"));
    assertThat(warnings("patchcam", flip, "quarterTurns", "transpose")).isEmpty();
    assertThat(
            warnings(
                "patchcam",
                Map.of("rotate", Map.of("degrees", 180)),
                Map.of("translate", Map.of("pixels", 20, "border", "reflect"))))
        .satisfiesExactly(
            w -> assertThat(w).contains("black corners"),
            w -> assertThat(w).contains("middle third"));
    assertThat(warnings("other", flip)).isEmpty();
  }
}

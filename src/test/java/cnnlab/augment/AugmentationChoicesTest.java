package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.augment.AugmentationChoices.Choice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentationChoicesTest {
  private static List<String> names(List<Choice> choices) {
    return choices.stream().map(Choice::name).toList();
  }

  @Test
  void everyTransformCanBeChosenForImagesThatFit() {
    List<String> digits = names(AugmentationChoices.of(28, 28, 1));
    List<String> patches = names(AugmentationChoices.of(32, 32, 3));
    assertThat(Catalogue.names()).allMatch(name -> digits.contains(name) || patches.contains(name));
    assertThat(digits)
        .contains("elastic", "thickness", "cutout")
        .doesNotContain("stain", "hueSaturation", "randomised");
    assertThat(patches).contains("stain", "randomised", "jpeg").doesNotContain("thickness");
  }

  /** The limits that are offered are those of the transforms. */
  @Test
  void theLimitsAreAccepted() {
    for (Choice choice : AugmentationChoices.of(32, 32, 3)) {
      for (double value : new double[] {choice.least(), choice.usual(), choice.most()}) {
        Choice set =
            new Choice(choice.name(), choice.parameter(), 0, 0, value, "", choice.others(), false);
        assertThat(Augmentation.of(List.of(set.entry())).transforms()).hasSize(1);
      }
    }
  }

  @Test
  void whatIsChosenFirstIsTheReports() {
    assertThat(first(1)).containsExactly("rotate", "zoom", "translate");
    assertThat(first(3)).containsExactly("flip", "transpose");
    assertThat(AugmentationChoices.of(32, 32, 3).get(0).entry())
        .isEqualTo(Map.of("rotate", Map.of("degrees", 18.0, "border", "reflect")));
  }

  private static List<String> first(int channels) {
    return AugmentationChoices.of(28, 28, channels).stream()
        .filter(Choice::first)
        .map(Choice::name)
        .toList();
  }
}

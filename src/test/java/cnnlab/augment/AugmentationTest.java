package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationTest {
  private static List<?> yaml(String text) {
    try {
      return new ObjectMapper(new YAMLFactory()).readValue(text, List.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void readsYaml() {
    Augmentation augmentation =
        Augmentation.of(
            yaml(
                """
                - border: nearest
                - rotate: {degrees: 10}
                - translate: {fraction: 0.1, border: zero}
                - transpose
                - quarterTurns:
                - flip: {axes: vertical, probability: 0.25}
                """));
    assertThat(augmentation.transforms())
        .extracting(Augmentation.Transform::name)
        .containsExactly("rotate", "translate", "transpose", "quarterTurns", "flip");
    assertThat(augmentation.transforms().get(0).parameters())
        .containsEntry("degrees", 10.0)
        .containsEntry("probability", 1.0)
        .containsEntry("border", "nearest");
    assertThat(augmentation.transforms().get(1).parameters()).containsEntry("border", "zero");
    assertThat(augmentation.transforms().get(4).parameters())
        .containsEntry("axes", "vertical")
        .containsEntry("probability", 0.25);
    assertThat(augmentation.isEmpty()).isFalse();
    assertThat(Augmentation.of(List.of()).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          - rotat: {degrees: 5}                | augmentation[1]: unknown transform 'rotat'; did you mean 'rotate'? Known: rotate, translate
          - posterise: {levels: 5}             | unknown transform 'posterise'. Known: rotate
          - rotate: {degree: 5}                | augmentation[1]: rotate: unknown parameter 'degree'; did you mean 'degrees'? Known: degrees, probability, border
          - flip: {axes: both}                 | flip.axes: both found, one of horizontal, vertical, horizontal_and_vertical expected
          - flip: {}                           | flip.axes: nothing found
          - flip: {axes: vertical, border: zero} | unknown parameter 'border'
          - rotate: {degrees: 181}             | rotate.degrees: 181 found, a number from 0 to 180 expected (degrees)
          - rotate: {degrees: -1}              | rotate.degrees: -1 found
          - rotate: {degrees: many}            | rotate.degrees: many found
          - rotate: 10                         | rotate: 10 found, parameters in braces expected: {degrees, probability, border}
          - rotate                             | rotate: needs degrees
          - zoom: {factor: 1}                  | zoom.factor: 1 found, a number from 0 to 0.9
          - translate: {}                      | neither found, either pixels or fraction expected
          - translate: {pixels: 1, fraction: 0.1} | both found
          - rotate: {degrees: 5, probability: 0} | more than 0 expected
          - rotate: {degrees: 5, probability: 1.5} | rotate.probability: 1.5 found
          - rotate: {degrees: 5, border: wrap} | rotate.border: wrap found, one of zero, reflect, nearest expected
          - border: wrap                       | border: wrap found
          - border                             | border: null found
          - deslant                            | put it under preprocessing
          - deslant: {}                        | put it under preprocessing
          - stainMatch: {strength: 1}          | stainMatch is not random and evaluation images need it too; put it under preprocessing
          - stain: {}                          | stain: needs sigma, a number from 0 to 1 (share of each stain's amount)
          - stain: {sigma: 0.1, bias: 2}       | stain.bias: 2 found, a number from 0 to 1 expected (optical density)
          - tonal: {range: 0.1, about: black}  | tonal.about: black found, one of mean, white expected
          - 7                                  | augmentation[1]: 7 found, one transform expected
          """)
  void refuses(String text, String message) {
    assertThatThrownBy(() -> Augmentation.of(yaml(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesNaN() {
    assertThatThrownBy(() -> Images.pipeline("rotate", Map.of("degrees", Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rotate.degrees: NaN found");
  }

  @Test
  void refusesTwoTransformsInOneEntry() {
    assertThatThrownBy(
            () ->
                Augmentation.of(
                    yaml("- transpose\n- rotate: {degrees: 5}\n  shear: {factor: 0.1}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("augmentation[2]:");
  }

  @Test
  void emptyPipelineCopies() {
    byte[] image = Images.blobs(5, 2);
    assertThat(Images.apply(Augmentation.NONE.pipeline(), image, 5, 5, 2, 1)).isEqualTo(image);
  }

  @Test
  void refusesFiveChannels() {
    assertThatThrownBy(() -> Images.apply(Augmentation.NONE.pipeline(), new byte[5], 1, 1, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 4 channels");
  }
}

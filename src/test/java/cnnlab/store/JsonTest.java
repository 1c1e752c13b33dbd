package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonTest {
  record Numbers(double a, Double b, float c, Double none, int n, TreeMap<String, Double> scores) {}

  @Test
  void exactJsonKeepsAllBits() throws IOException {
    TreeMap<String, Double> scores = new TreeMap<>();
    scores.put("loss", Double.NaN);
    scores.put("gain", Double.NEGATIVE_INFINITY);
    Numbers numbers =
        new Numbers(Double.NaN, Math.nextUp(0.1), Float.POSITIVE_INFINITY, null, 3, scores);
    assertThat(Json.exact(Json.exact(numbers), Numbers.class)).isEqualTo(numbers);
  }

  /** Missing numbers are not read as 0. */
  @Test
  void missingNumbersAreRefused() throws IOException {
    String text = Json.exact(new Numbers(1.5, 0.0, 0, null, 3, new TreeMap<>()));
    for (String damaged :
        new String[] {
          text.replace("1.5", "null"),
          text.replace("\"n\" : 3", "\"n\" : null"),
          text.replace("\"a\" : 1.5,", ""),
          text.replace("\"a\"", "\"z\""),
          text + "x"
        }) {
      assertThat(damaged).isNotEqualTo(text);
      assertThatThrownBy(() -> Json.exact(damaged, Numbers.class))
          .isInstanceOf(JsonProcessingException.class);
    }
  }
}

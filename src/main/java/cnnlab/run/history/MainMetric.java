package cnnlab.run.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The one figure of a result that stands for it.
 *
 * @param name what it is
 * @param value the figure
 * @param variant the variant that it is of; null where the run has one alone
 */
record MainMetric(String name, double value, String variant) {
  /** Where a result file may have it. */
  private record Place(String pointer, String name) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("/library/testAccuracy", "test accuracy"),
          new Place("/validation/accuracy/mean", "mean validation accuracy"),
          new Place("/confirmation/best/mean", "objective on fresh draws"),
          new Place("/mean", "mean test accuracy"),
          new Place("/maxLossDifference", "largest loss difference"));

  /** The main figure, or null when the result has none of the known ones. */
  static MainMetric of(JsonNode result) {
    for (Place place : PLACES) {
      JsonNode found = result.at(place.pointer);
      if (found.isNumber()) {
        return new MainMetric(
            place.name,
            found.doubleValue(),
            result.path("variants").path(0).path("name").asText(null));
      }
    }
    return null;
  }
}

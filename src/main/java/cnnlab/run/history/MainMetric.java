package cnnlab.run.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The main score of a run, for lists of runs.
 *
 * @param name its name
 * @param value its value
 * @param variant the variant it belongs to; null if the run has only one
 */
record MainMetric(String name, double value, String variant) {
  /** A place in result files. */
  private record Place(String pointer, String name) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("/library/testAccuracy", "test accuracy"),
          new Place("/validation/accuracy/mean", "mean validation accuracy"),
          new Place("/confirmation/best/mean", "objective on fresh draws"),
          new Place("/mean", "mean test accuracy"),
          new Place("/maxLossDifference", "largest loss difference"));

  /** The main score, or null if the result has none of the known ones. */
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

package cnnlab.cli;

import cnnlab.data.Datasets.Known;
import cnnlab.data.Mnist;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.PatchRelease;
import java.util.List;
import java.util.Map;

/** The data sets that {@code cnnlab datasets} lists and verifies; a new one needs one line here. */
public final class KnownDatasets {
  /** In the order in which they are listed. */
  public static final List<Known> ALL =
      List.of(
          new Known(
              Mnist.NAME, "70,000 handwritten digits, 28x28 grey", true, Mnist.SHA256, Mnist.BYTES),
          new Known(
              PatchCamelyon.NAME,
              "PatchCamelyon, 32x32, the course's layout",
              false,
              Map.of(),
              Map.of()),
          new Known(
              PatchCamelyon.OFFICIAL,
              "PatchCamelyon, 96x96, the official files",
              false,
              PatchRelease.SHA256,
              Map.of()),
          new Known("pcam96", "a few patches in the official layout", false, Map.of(), Map.of()));

  private KnownDatasets() {}
}

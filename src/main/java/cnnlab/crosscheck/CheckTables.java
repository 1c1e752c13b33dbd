package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.util.ArrayList;
import java.util.List;

/** Tables of a comparison of two engines, about 100 columns wide. */
public final class CheckTables {
  /** Where to find the columns that do not fit the terminal. */
  private static final String ALL = "all are in report.md and in piped output";

  private CheckTables() {}

  /** The layers of DL4J compared with those from scratch. */
  public static TextTable layers(List<LayerDifference> layers) {
    TextTable table = layerColumns();
    layers.forEach(l -> table.row(cells(l).toArray(String[]::new)));
    return table;
  }

  public static TextTable layerColumns() {
    return new TextTable()
        .left("layer")
        .left("kind")
        .left("shape")
        .right("sum |a-b|")
        .right("max |a-b|")
        .right("relative")
        .right("share")
        .optional(ALL, "relative", "kind");
  }

  public static List<String> cells(LayerDifference l) {
    return new ArrayList<>(
        List.of(
            l.layer(),
            l.kind(),
            l.shape().toString(),
            Numbers.scientific(l.difference().sumAbs()),
            Numbers.scientific(l.difference().maxAbs()),
            Numbers.scientific(l.difference().relative()),
            share(l.rounding().together())));
  }

  /** Each engine's layers compared with double precision on the same inputs. */
  public static TextTable alone(List<LayerDifference> layers) {
    TextTable table =
        new TextTable()
            .left("each layer by itself")
            .right("DL4J")
            .right("from scratch")
            .right("as predict runs")
            .left("nearer so far");
    for (LayerDifference l : layers) {
      LayerRounding r = l.rounding();
      boolean fast = r.fast().values() > 0;
      table.row(
          l.layer(),
          share(r.library()),
          share(r.scratch()),
          fast ? share(r.fast()) : "",
          r.nearness().nearer());
    }
    return table;
  }

  /** The checks and their outcomes. */
  public static TextTable checks(List<Check> checks) {
    TextTable table =
        new TextTable()
            .left("check")
            .right("found")
            .right("bound")
            .right("share")
            .left("nearer")
            .left("")
            .optional(ALL, "nearer");
    for (Check c : checks) {
      table.row(
          c.name(),
          c.isComparable() ? Numbers.figure(c.found()) : "",
          c.isComparable() ? Numbers.figure(c.bound()) : "",
          c.share() == null ? "" : Numbers.share(c.share()),
          c.nearer(),
          c.passed() ? "passed" : c.isComparable() ? "FAILED" : "not comparable");
    }
    return table;
  }

  /** A sentence on the number of images that have bounds. */
  public static String examined(int examined, int images) {
    return "Bounds: the largest rounding error in single precision, for %s;%nshare: difference / bound."
        .formatted(
            examined == images
                ? "each image"
                : "the first %s of %s images"
                    .formatted(Numbers.count(examined), Numbers.count(images)));
  }

  private static String share(BoundUse use) {
    return use.notFinite() > 0 ? "none" : Numbers.share(use.share());
  }
}

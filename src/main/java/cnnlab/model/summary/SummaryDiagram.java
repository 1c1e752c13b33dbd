package cnnlab.model.summary;

import cnnlab.io.AtomicFile;
import cnnlab.model.summary.DiagramLayout.Place;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A summary as a diagram in SVG: a box for each layer, data flowing downwards. */
public final class SummaryDiagram {
  private static final double TEXT = 11;
  private static final double CHARACTER = 6.3;
  private static final double LINE = 14;
  private static final double PAD = 8;
  private static final double BOX_HEIGHT = 3 * LINE + PAD;
  private static final double ROW_HEIGHT = BOX_HEIGHT + 26;
  private static final double BOX_GAP = 16;
  private static final double LINE_WIDTH = 28;
  private static final double MARGIN = 16;
  private static final double TITLE = 28;
  private static final String PLAIN = "#f2f2f2";

  /** Fill colours by the beginning of a layer's kind. */
  private static final Map<String, String> COLOURS =
      Map.of(
          "Input", "#ffffff",
          "Convolution", "#d6e6f7",
          "Depthwise", "#d6e6f7",
          "Separable", "#d6e6f7",
          "Group", "#d6e6f7",
          "Dense", "#fbe3cf",
          "Output", "#fbe3cf",
          "Pooling", "#dcefd9",
          "Global", "#dcefd9",
          "Batch", "#efe0f2");

  private SummaryDiagram() {}

  /**
   * Writes a diagram.
   *
   * @param file created or replaced
   * @param title shown above
   * @throws IOException when it cannot be written
   */
  public static void write(Path file, String title, ModelSummary model) throws IOException {
    String svg = svg(title, model);
    AtomicFile.write(file, temporary -> Files.writeString(temporary, svg));
  }

  static String svg(String title, ModelSummary model) {
    double box =
        model.layers().stream()
            .flatMap(layer -> lines(layer).stream())
            .mapToDouble(line -> line.length() * CHARACTER + 2 * PAD)
            .max()
            .orElse(0);
    DiagramLayout layout = new DiagramLayout(model, box + BOX_GAP, LINE_WIDTH);
    double width = Math.max(layout.width(), title.length() * CHARACTER) + 2 * MARGIN;
    double height = layout.rows().size() * ROW_HEIGHT + TITLE + 2 * MARGIN;
    StringBuilder out = new StringBuilder();
    append(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" font-size=\"%.0f\">",
        width,
        height,
        width,
        height,
        TEXT);
    append(
        out,
        "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#555\"/></marker></defs>");
    append(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    append(
        out,
        "<text x=\"%.1f\" y=\"%.1f\" font-weight=\"bold\">%s</text>",
        MARGIN,
        MARGIN + LINE,
        escaped(title));
    layout.lines().forEach(line -> arrow(out, line));
    layout.rows().stream()
        .flatMap(List::stream)
        .filter(place -> place.layer != null)
        .forEach(place -> box(out, place, box));
    return out.append("</svg>\n").toString();
  }

  private static List<String> lines(LayerSummary layer) {
    String last = layer.output().toString();
    return List.of(
        layer.name(),
        layer.kind(),
        layer.parameters() == 0
            ? last
            : last + " · " + Numbers.counted(layer.parameters(), "parameter"));
  }

  private static void box(StringBuilder out, Place place, double width) {
    double left = x(place) - width / 2;
    double top = top(place);
    append(
        out,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\" fill=\"%s\" stroke=\"#777\"/>",
        left,
        top,
        width,
        BOX_HEIGHT,
        colour(place.layer.kind()));
    List<String> lines = lines(place.layer);
    for (int i = 0; i < lines.size(); i++) {
      append(
          out,
          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\"%s>%s</text>",
          x(place),
          top + LINE * (i + 1),
          i == 0 ? " font-weight=\"bold\"" : "",
          escaped(lines.get(i)));
    }
  }

  private static String colour(String kind) {
    return COLOURS.getOrDefault(kind.split("[ ,]")[0], PLAIN);
  }

  /** A curve through the places of a connection, straight down beside the boxes that it passes. */
  private static void arrow(StringBuilder out, List<Place> line) {
    StringBuilder path = new StringBuilder();
    double x = x(line.get(0));
    double y = top(line.get(0)) + BOX_HEIGHT;
    append(path, "M%.1f %.1f", x, y);
    for (Place place : line.subList(1, line.size())) {
      double nextX = x(place);
      double nextY = top(place);
      double middle = (y + nextY) / 2;
      append(path, "C%.1f %.1f %.1f %.1f %.1f %.1f", x, middle, nextX, middle, nextX, nextY);
      x = nextX;
      y = nextY;
      if (place.layer == null) {
        y += BOX_HEIGHT;
        append(path, "V%.1f", y);
      }
    }
    append(
        out,
        "<path d=\"%s\" fill=\"none\" stroke=\"#555\" marker-end=\"url(#arrow)\"/>",
        path.toString().replace("\n", ""));
  }

  private static double x(Place place) {
    return MARGIN + place.x;
  }

  private static double top(Place place) {
    return MARGIN + TITLE + place.row * ROW_HEIGHT;
  }

  private static void append(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                // Control characters are not allowed in XML.
                default -> out.appendCodePoint(c < ' ' || c >= 0xD800 && c < 0xE000 ? '?' : c);
              }
            });
    return out.toString();
  }
}

package cnnlab.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Text broken between words. */
public final class Prose {
  private Prose() {}

  /**
   * Breaks each line of a text where it would be too long.
   *
   * @param columns the most in a line; a word that is longer stands on a line of its own
   */
  public static String wrap(String text, int columns) {
    return text.lines()
        .flatMap(line -> lines(line, columns).stream())
        .collect(Collectors.joining("\n"));
  }

  /** The same of one line, which stays as it is, spaces and all, where it is short enough. */
  static List<String> lines(String text, int columns) {
    if (TextTable.width(text) <= columns) {
      return List.of(text);
    }
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty()
          && TextTable.width(line.toString()) + 1 + TextTable.width(word) > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}

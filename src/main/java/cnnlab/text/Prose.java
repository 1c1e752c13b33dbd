package cnnlab.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Wraps text between words. */
public final class Prose {
  private Prose() {}

  /**
   * Wraps each line of a text that is too long.
   *
   * @param columns characters in a line at most; a longer word is put on a line of its own
   */
  public static String wrap(String text, int columns) {
    return text.lines()
        .flatMap(line -> lines(line, columns).stream())
        .collect(Collectors.joining("\n"));
  }

  /** Wraps one line; a line that is short enough is returned unchanged, spaces included. */
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

package cnnlab.cli.option;

import cnnlab.config.ConfigLoader;
import cnnlab.console.Terminal;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The last part of an experiment's {@code --help}: the keys that {@code --set} takes, with meanings
 * and defaults. {@code keys.properties} has the meanings, by record and component, so a section
 * shared by several experiments is explained once.
 */
@Command // picocli wants one of its annotations on a mixin
public final class KeyHelp {
  private static final String MEANINGS = "keys.properties";
  private static final int NARROWEST = 55; // picocli's
  private static final int WIDEST = 120;
  private static final int USUAL = 100;
  private static final String KEY_INDENT = "  ";
  private static final String TEXT_INDENT = "      ";

  private final List<ConfigLoader.Key> keys;

  /**
   * The help for a command's configuration: a field of the command, annotated as a mixin.
   *
   * @param defaults the values that keys have if nothing sets them
   */
  public <T extends Record> KeyHelp(Class<T> type, T defaults) {
    keys = ConfigLoader.keys(type, defaults);
  }

  /** Called by picocli with the command that has this mixin. */
  @Spec(Spec.Target.MIXEE)
  private void addTo(CommandSpec command) {
    command.usageMessage().footer(text(width()).toArray(String[]::new));
  }

  /** The names of the keys of a command's configuration; none if it has no configuration. */
  static List<String> of(CommandSpec command) {
    return command.mixins().values().stream()
        .map(CommandSpec::userObject)
        .flatMap(mixin -> mixin instanceof KeyHelp help ? help.keys.stream() : Stream.empty())
        .map(ConfigLoader.Key::key)
        .toList();
  }

  /** Width of help in columns: that of the terminal, within limits for readable lines. */
  static int width() {
    return Terminal.isInteractive()
        ? Math.max(NARROWEST, Math.min(WIDEST, Terminal.columns()))
        : USUAL;
  }

  /** The meaning of every key, by record and component. */
  static Properties meanings() {
    try (Reader in =
        new InputStreamReader(
            KeyHelp.class.getResourceAsStream(MEANINGS), StandardCharsets.UTF_8)) {
      Properties meanings = new Properties();
      meanings.load(in);
      return meanings;
    } catch (IOException e) {
      throw new UncheckedIOException(MEANINGS, e);
    }
  }

  /** Lines of at most the given number of columns, as picocli takes them. */
  private List<String> text(int columns) {
    Properties meanings = meanings();
    List<String> lines = new ArrayList<>(List.of("", "Keys of --set and --config:"));
    for (ConfigLoader.Key key : keys) {
      String value = key.defaultValue().isEmpty() ? "empty" : key.defaultValue();
      wrap(
          KEY_INDENT,
          KEY_INDENT + TEXT_INDENT,
          key.key() + ": " + key.type() + ", default " + value,
          columns,
          lines);
      wrap(TEXT_INDENT, TEXT_INDENT, meanings.getProperty(key.origin(), ""), columns, lines);
    }
    // picocli takes footers for format strings.
    return lines.stream().map(line -> line.replace("%", "%%")).toList();
  }

  private static void wrap(
      String first, String others, String text, int columns, List<String> lines) {
    StringBuilder line = new StringBuilder(first);
    boolean begun = false;
    for (String word : Arrays.asList(text.split(" "))) {
      for (String piece : pieces(word, columns - 1 - others.length()).toList()) {
        if (begun && line.length() + 1 + piece.length() >= columns) {
          lines.add(line.toString());
          line = new StringBuilder(others);
          begun = false;
        }
        line.append(begun ? " " : "").append(piece);
        begun = true;
      }
    }
    if (begun) {
      lines.add(line.toString());
    }
  }

  /** The word, broken if it is longer than a line. */
  private static Stream<String> pieces(String word, int most) {
    return word.length() <= most
        ? Stream.of(word)
        : Stream.concat(Stream.of(word.substring(0, most)), pieces(word.substring(most), most));
  }
}

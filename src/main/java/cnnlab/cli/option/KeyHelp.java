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
import picocli.CommandLine.Model.CommandSpec;

/**
 * The last part of an experiment's {@code --help}: the keys that {@code --set} takes, what each
 * means, and its default. {@code keys.properties} has the meanings, by record and component, so
 * that a section which several experiments share is explained once.
 */
public final class KeyHelp {
  private static final String NAME = "keys";
  private static final String MEANINGS = "keys.properties";
  private static final int NARROWEST = 55; // picocli's
  private static final int WIDEST = 120;
  private static final int USUAL = 100;
  private static final String KEY_INDENT = "  ";
  private static final String TEXT_INDENT = "      ";

  private final List<ConfigLoader.Key> keys;

  private KeyHelp(List<ConfigLoader.Key> keys) {
    this.keys = keys;
  }

  /** Adds the keys of a configuration to a command's help. */
  public static <T extends Record> void addTo(CommandSpec command, Class<T> type, T defaults) {
    KeyHelp help = new KeyHelp(ConfigLoader.keys(type, defaults));
    // Kept with the command, for whoever answers a wrong option.
    command.addMixin(NAME, CommandSpec.wrapWithoutInspection(help));
    command.usageMessage().footer(help.text(width()).toArray(String[]::new));
  }

  /** The names of the keys of a command's configuration; none for other commands. */
  static List<String> of(CommandSpec command) {
    CommandSpec mixin = command.mixins().get(NAME);
    return mixin == null
        ? List.of()
        : ((KeyHelp) mixin.userObject()).keys.stream().map(ConfigLoader.Key::key).toList();
  }

  /** Columns of help: those of the terminal, but no lines that are too long to read. */
  static int width() {
    return Terminal.isInteractive()
        ? Math.max(NARROWEST, Math.min(WIDEST, Terminal.columns()))
        : USUAL;
  }

  /** What every key means, by its record's name and its own. */
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

  /** Lines of at most so many columns, as picocli takes them. */
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

  /** A word that is longer than a line is broken. */
  private static Stream<String> pieces(String word, int most) {
    return word.length() <= most
        ? Stream.of(word)
        : Stream.concat(Stream.of(word.substring(0, most)), pieces(word.substring(most), most));
  }
}

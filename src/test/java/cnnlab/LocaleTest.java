package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is the same in every locale. */
class LocaleTest {
  private static final Pattern STRING =
      Pattern.compile("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"");
  private static final Pattern COMMENT = Pattern.compile("/\\*[\\s\\S]*?\\*/|(?m)^\\s*//.*$");

  /** A conversion whose digits or letters are those of a locale; {@code %s} has none. */
  private static final Pattern LOCAL =
      Pattern.compile("%(\\d+\\$)?[-#+ 0,(]*\\d*(\\.\\d+)?[dfeEgGtTSX]");

  private static final Pattern FORMATS =
      Pattern.compile("\\bformatted\\(|\\bformat\\(|\\bprintf\\(");

  /** Messages of exceptions are read by people and kept nowhere. */
  private static final Pattern THROWS =
      Pattern.compile("\\w*(Exception|[fF]ault|Failure)\\(|\\.wrong\\(|Checks\\.|LOG\\.");

  private static final Pattern CASE = Pattern.compile("\\bto(Lower|Upper)Case\\(\\)");

  @TempDir static Path temp;
  private static List<String> plain;

  /**
   * Write {@code %s} for a whole number, Numbers for another, or name {@code Locale.ROOT}: the same
   * code also runs where nobody called OneLocale.
   */
  @Test
  void noNumberIsWrittenInTheDigitsOfSomeLocale() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      String source = COMMENT.matcher(Files.readString(file)).replaceAll("");
      for (String statement : statements(source)) {
        if (statement.contains("Locale.ROOT") || THROWS.matcher(statement).find()) {
          continue;
        }
        if (CASE.matcher(statement).find()) {
          found.add(file + ": " + statement.strip());
        }
        Matcher text = STRING.matcher(statement);
        while (FORMATS.matcher(statement).find() && text.find()) {
          if (isLocal(text.group())) {
            found.add(file + ": " + text.group());
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void theRuleFindsWhatItLooksFor() {
    assertThat(isLocal("a %d")).isTrue();
    assertThat(LOCAL.matcher("%2$d, %,d, %03d").results()).hasSize(3);
    assertThat(isLocal("%s %n 5 %% %-5s 95 %% deep %x")).isFalse();
    assertThat(statements("a(\"x;{\"); b = \"\\\";\" + c; // d")).hasSize(3);
  }

  private static boolean isLocal(String format) {
    return LOCAL.matcher(format.replace("%%", "")).find();
  }

  private static List<Path> sources() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder :
        List.of("src/main/java", "src/peers/java", "src/spark/java", "src/ui/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
      }
    }
    assertThat(all).hasSizeGreaterThan(200);
    return all;
  }

  /** What stands between semicolons and braces outside of strings. */
  private static List<String> statements(String source) {
    String masked =
        STRING
            .matcher(source)
            .replaceAll(m -> "_".repeat(m.group().length()))
            .replace("';'", "___")
            .replace("'{'", "___")
            .replace("'}'", "___");
    List<String> statements = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= source.length(); i++) {
      if (i == source.length() || ";{}".indexOf(masked.charAt(i)) >= 0) {
        statements.add(source.substring(from, i));
        from = i + 1;
      }
    }
    return statements;
  }

  /** Also those whose digits are others by an extension, and whose i is another letter. */
  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "tr-TR", "de-DE", "hi-IN-u-nu-deva"})
  void aTaskWritesTheSameInEveryLocale(String tag) throws IOException {
    Locale before = Locale.getDefault();
    try {
      if (plain == null) {
        plain = run("plain", Locale.ROOT);
      }
      assertThat(run(tag, Locale.forLanguageTag(tag))).isEqualTo(plain);
    } finally {
      Locale.setDefault(before);
    }
  }

  /** Names of all files, and what stands in those that hold no times. */
  private static List<String> run(String name, Locale locale) throws IOException {
    Locale.setDefault(locale);
    Path out = temp.resolve(name);
    Outcome outcome =
        Outcome.of(
            ("task3 --quick --set data=synthetic --set epochs=1 --set repetitions=1"
                    + " --set trainLimit=64 --set evaluationLimit=64 --out "
                    + out)
                .split(" "));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    try (Stream<Path> files = Files.walk(out)) {
      List<String> written =
          files
              .map(f -> out.relativize(f).toString().replaceAll("tfevents.*", ""))
              .sorted()
              .collect(Collectors.toCollection(ArrayList::new));
      written.add(Files.readString(out.resolve("config.yaml")));
      try (ZipFile model = new ZipFile(out.resolve("model.zip").toFile())) {
        written.add(text(model, "configuration.json"));
        written.add(text(model, "coefficients.bin"));
      }
      assertThat(Files.readString(out.resolve("report.md")))
          .matches("(?s)[^\\p{IsArabic}\\p{IsDevanagari}]*");
      return written;
    }
  }

  private static String text(ZipFile zip, String entry) throws IOException {
    return new String(
        zip.getInputStream(zip.getEntry(entry)).readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}

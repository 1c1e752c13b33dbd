package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links and file names in the documentation lead somewhere. */
class DocumentationTest {
  /** The target of {@code [text](target)}; of a picture too. */
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  private static final Pattern EXPERIMENT = Pattern.compile("(experiments/[\\w-]+\\.yaml)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  static List<Path> pages() throws IOException {
    List<Path> pages =
        new ArrayList<>(
            List.of(
                Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("datasets/README.md")));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsToAFileAndAHeadingOfIt(Path page) throws IOException {
    for (String link : all(LINK, Files.readString(page))) {
      if (link.matches("https?:.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
      assertThat(target).as("%s in %s", link, page).exists();
      if (parts.length == 2) {
        assertThat(all(HEADING, Files.readString(target)))
            .as("%s in %s", link, page)
            .anyMatch(heading -> anchor(heading).equals(parts[1]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyExperimentFileIsThere(Path page) throws IOException {
    assertThat(all(EXPERIMENT, Files.readString(page)))
        .as(page.toString())
        .allMatch(file -> Files.exists(Path.of(file)));
  }

  @Test
  void theReadmeLeadsToEveryPage() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      assertThat(docs.filter(page -> page.toString().endsWith(".md")))
          .allMatch(page -> readme.contains("](docs/" + page.getFileName()));
    }
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\s-]", "").replace(' ', '-');
  }

  /** The first group of each match. */
  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }
}

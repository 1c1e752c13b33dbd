package cnnlab.report.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a browser. */
class ReportPageTest {
  private static final int NARROW = 400;
  private static final int WIDE = 1400;

  private static final String TABLE =
      "Array.from(document.querySelectorAll('#run-results-reference-task2-ablation table'))[0]";
  private static final String HEADER =
      "Array.from(" + TABLE + ".tHead.rows[0].cells).find(h => h.textContent === 'mean')";
  private static final String BUTTON = HEADER + ".querySelector('button')";

  @TempDir static Path temp;
  private static Browser browser;
  private static Path report;
  private static Path index;

  @BeforeAll
  static void open() throws Exception {
    Optional<Path> program = Browser.installed();
    assumeTrue(
        program.isPresent(),
        "no chromium on PATH or in /usr/bin: install one (apt-get install chromium) to test the page");
    Path home = Path.of("").toAbsolutePath();
    List<Path> runs = ReproductionReport.recorded(home.resolve("results"));
    report = ReproductionReport.write(runs, temp.resolve("report"), home).files().get(0);
    index = ReproductionReport.writeIndex(runs, temp.resolve("index"), home).files().get(0);
    browser = Browser.start(program.get(), temp.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest(name = "{0} px, dark: {1}")
  @CsvSource({NARROW + ",false", NARROW + ",true", WIDE + ",false", WIDE + ",true"})
  void pagesFitTheWindowWithoutErrors(int width, boolean dark) throws Exception {
    for (Path page : List.of(report, index)) {
      browser.open(page, width, dark);
      assertThat(browser.evaluate("innerWidth").asInt()).isEqualTo(width);
      assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
          .as("width of %s", page)
          .isLessThanOrEqualTo(width);
      JsonNode images =
          browser.evaluate(
              "Array.from(document.images).filter(i => !i.closest('dialog')).map(i => [i.complete, i.naturalWidth, i.clientWidth, i.alt.length])");
      assertThat(images).hasSizeGreaterThan(20);
      for (JsonNode image : images) {
        assertThat(image.get(0).asBoolean()).isTrue();
        assertThat(image.get(1).asInt()).isPositive();
        assertThat(image.get(2).asInt()).isBetween(100, width);
        assertThat(image.get(3).asInt()).as("alternative text").isPositive();
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /** Contrast as WCAG 2.2 defines it: 4.5 is its level AA for text. */
  @ParameterizedTest(name = "dark: {0}")
  @CsvSource({"false", "true"})
  void textHasEnoughContrast(boolean dark) throws Exception {
    browser.open(report, WIDE, dark);
    JsonNode worst =
        browser.evaluate(
            """
            (() => {
              const rgb = c => c.match(/[\\d.]+/g).map(Number);
              const light = c => rgb(c).slice(0, 3).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = e => {
                for (; e; e = e.parentElement) {
                  const c = getComputedStyle(e).backgroundColor;
                  if (rgb(c)[3] !== 0) return c;
                }
                return 'rgb(255,255,255)';
              };
              let worst = 99;
              document.querySelectorAll('h1,h2,h3,p,a:not(.skip),td,th,dt,dd,figcaption,code,summary,.badge').forEach(e => {
                const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
                worst = Math.min(worst, (a + 0.05) / (b + 0.05));
              });
              return worst;
            })()
            """);
    assertThat(worst.asDouble()).isBetween(4.5, 21.0);
  }

  @Test
  void tablesCanBeSortedByMouseAndKeyboard() throws Exception {
    browser.open(report, WIDE, false);
    List<Double> before = column("mean");
    assertThat(before).hasSize(10).isNotEqualTo(sorted(before, false));
    browser.evaluate(BUTTON + ".click()");
    assertThat(column("mean")).isEqualTo(sorted(before, false));
    assertThat(state()).isEqualTo("ascending");
    browser.evaluate(BUTTON + ".focus()");
    browser.press("Enter", 13, "\r");
    assertThat(column("mean")).isEqualTo(sorted(before, true));
    assertThat(state()).isEqualTo("descending");
    assertThat(browser.complaints()).isEmpty();
  }

  private static String state() throws Exception {
    return browser.evaluate(HEADER + ".getAttribute('aria-sort')").asText();
  }

  private static List<Double> column(String name) throws Exception {
    JsonNode cells =
        browser.evaluate(
            "Array.from(%s.tBodies[0].rows).map(r => Number(r.cells[%s.cellIndex].textContent))"
                .formatted(TABLE, HEADER.replace("'mean'", "'" + name + "'")));
    List<Double> values = new ArrayList<>();
    cells.forEach(cell -> values.add(cell.asDouble()));
    return values;
  }

  private static List<Double> sorted(List<Double> values, boolean descending) {
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(descending ? Comparator.reverseOrder() : null);
    return sorted;
  }

  @Test
  void printingOpensFoldedTables() throws Exception {
    browser.open(report, WIDE, false);
    String closed = "document.querySelectorAll('details:not([open])').length";
    int folded = browser.evaluate(closed).asInt();
    assertThat(folded).isPositive();
    browser.evaluate("dispatchEvent(new Event('beforeprint'))");
    assertThat(browser.evaluate(closed).asInt()).isZero();
    browser.evaluate("dispatchEvent(new Event('afterprint'))");
    assertThat(browser.evaluate(closed).asInt()).isEqualTo(folded);
  }

  @Test
  void everyInternalLinkHasATarget() throws Exception {
    browser.open(report, WIDE, false);
    assertThat(
            browser.evaluate(
                "Array.from(document.querySelectorAll('a[href^=\"#\"]')).filter(a => !document.getElementById(a.hash.slice(1))).map(a => a.hash)"))
        .isEmpty();
    assertThat(
            browser
                .evaluate(
                    "Array.from(document.querySelectorAll('[id]')).length - new Set(Array.from(document.querySelectorAll('[id]')).map(e => e.id)).size")
                .asInt())
        .as("ids that occur twice")
        .isZero();
  }
}

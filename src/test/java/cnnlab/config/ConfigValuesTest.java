package cnnlab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type of value at its ends, and configurations made of others. */
class ConfigValuesTest {
  enum Colour {
    RED,
    DARK_BLUE
  }

  record Step(String name, Integer size) {
    Step {
      Objects.requireNonNull(name, "name");
    }
  }

  record Inner(int least, Colour colour) {
    Inner {
      if (least < 0) {
        throw new IllegalArgumentException("must not be below 0");
      }
      if (least == 13) {
        throw new UnsupportedOperationException("a fault of the program");
      }
    }
  }

  record All(
      int number,
      Long count,
      float share,
      Double rate,
      Boolean on,
      String text,
      Inner inner,
      List<Step> steps,
      List<Object> free,
      Map<String, Object> extra) {}

  private static final All DEFAULTS =
      new All(1, null, 0.5f, null, null, null, new Inner(1, null), List.of(), List.of(), Map.of());

  @TempDir Path folder;

  private static All set(String... sets) {
    return ConfigLoader.load(All.class, DEFAULTS, null, List.of(sets)).value();
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), yaml);
  }

  private All load(String yaml) throws IOException {
    return ConfigLoader.load(All.class, DEFAULTS, file(yaml), List.of()).value();
  }

  private static void assertRefused(String set, String message) {
    assertThatThrownBy(() -> set(set))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("--set ")
        .hasMessageContaining(message);
  }

  @Test
  void integersUpToTheirEnds() {
    for (int end : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThat(set("number=" + end).number()).isEqualTo(end);
    }
    for (long end : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE + 1L, 0}) {
      assertThat(set("count=" + end).count()).isEqualTo(end);
    }
    assertRefused("number=2147483648", "from -2147483648 to 2147483647");
    assertRefused("number=-2147483649", "from -2147483648 to 2147483647");
    assertRefused("count=9223372036854775808", "at most 64 bits");
    assertRefused("count=-9223372036854775809", "at most 64 bits");
  }

  @Test
  void decimalsAreRoundedOnce() {
    // By way of double the last digit would be lost: the double is the middle of two floats.
    assertThat(set("share=1.00000017881393432617187499").share()).isEqualTo(1.0000001f);
    assertThat(set("share=3.4028235e38").share()).isEqualTo(Float.MAX_VALUE);
    assertRefused("share=-3.5e38", "\"share\" is the decimal -3.5e38; expected a number within");
    assertThat(set("share=2").share()).isEqualTo(2f);
    assertThat(set("rate=.5").rate()).isEqualTo(0.5);
    assertThat(set("rate=-1.5E-3").rate()).isEqualTo(-1.5e-3);
    assertRefused("rate=-1e309", "\"rate\" is -1e309; expected a finite number");
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "True, true",
    "TRUE, true",
    "false, false",
    "False, false",
    "FALSE, false"
  })
  void switches(String text, boolean expected) {
    assertThat(set("on=" + text).on()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
  void nothingIsAValueWhereTheDefaultIsNone(String nothing) throws IOException {
    All all =
        load(
            "count: %1$s\nrate: %1$s\non: %1$s\ntext: %1$s\ninner: {colour: %1$s}\nfree: [%1$s]\n"
                .formatted(nothing.isEmpty() ? "~" : nothing));
    assertThat(all)
        .isEqualTo(
            new All(
                1,
                null,
                0.5f,
                null,
                null,
                null,
                new Inner(1, null),
                List.of(),
                Arrays.asList((Object) null),
                Map.of()));
    assertThat(load("text: '" + nothing + "'").text()).as("quoted").isEqualTo(nothing);
  }

  @Test
  void nothingIsRefusedWhereTheDefaultIsSomething() {
    assertRefused("free=null", "\"free\" is empty (null); expected a list, each element anything");
    assertRefused("free=null", "Leave the key out for its default, or write [] for none");
    assertThatThrownBy(() -> set("extra=null"))
        .hasMessageEndingWith(
            "\"extra\" is empty (null); expected a section with any keys. Leave the key out for its default");
    assertRefused("share=null", "\"share\" is empty (null); expected a number");
  }

  @Test
  void freeValuesAreThoseOfYaml() throws IOException {
    assertThat(load("free: [1, 2.5, a, '1', true, null, {b: [3000000000]}, 0x1F]").free())
        .isEqualTo(
            Arrays.asList(1, 2.5, "a", "1", true, null, Map.of("b", List.of(3_000_000_000L)), 31));
    assertThat(set("extra={a: {b: 1}}").extra()).isEqualTo(Map.of("a", Map.of("b", 1)));
    assertRefused("extra=[1]", "\"extra\" is a list; expected a section (key: value)");
    assertThatThrownBy(() -> load("extra: {[a]: 1}"))
        .hasMessageContainingAll("line 1: \"extra\" is a list", "a plain name before the colon");
  }

  @Test
  void elementsOfListsAreNamedByTheirNumber() {
    assertThat(set("steps=[{name: a, size: null}, {size: 3, name: b}]").steps())
        .containsExactly(new Step("a", null), new Step("b", 3));
    assertRefused("steps=[{name: a, size: 1}, null]", "\"steps[1]\" is empty (null)");
    assertRefused("steps=[{name: null, size: 1}]", "steps[0]: a value is empty (null): name");
    assertRefused("steps=[{name: a, size: x}]", "\"steps[0].size\" is the text \"x\"");
    assertRefused("steps=[a]", "\"steps[0]\" is the text \"a\"; expected a section");
    assertRefused("steps=[{name: a, size: 1, sise: 2}]", "unknown key \"sise\" (the integer 2)");
    assertRefused("steps=[{name: a, size: 1, x.y: 2}]", "known keys: name, size");
  }

  @Test
  void namesOfEnumsAreSuggested() {
    assertThat(set("inner.colour=dark_blue").inner().colour()).isEqualTo(Colour.DARK_BLUE);
    assertRefused("inner.colour=darkblue", "one of red, dark_blue; did you mean \"dark_blue\"?");
    assertThatThrownBy(() -> load("inner: {colour: [red]}"))
        .hasMessageContaining("\"inner.colour\" is a list; expected one of red, dark_blue");
  }

  @Test
  void aRefusalNamesTheKeysThatTheRecordWasGiven() throws IOException {
    assertRefused("inner.least=-1", "--set inner.least=-1 (inner.least): must not be below 0");
    Path file = file("number: 3\ninner:\n  least: -1\n  colour: red\n");
    assertThatThrownBy(() -> ConfigLoader.load(All.class, DEFAULTS, file, List.of()))
        .hasMessage(
            "%1$s, line 3 (inner.least); %1$s, line 4 (inner.colour): must not be below 0", file);
    assertThatThrownBy(() -> set("inner.least=13"))
        .as("a fault of the program")
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Inner failed");
  }

  @Test
  void aSectionNeedsADefault() {
    All broken = new All(1, null, 1, null, null, null, null, List.of(), List.of(), Map.of());
    assertThatThrownBy(() -> ConfigLoader.load(All.class, broken, null, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the default of section \"inner.\" is null");
  }

  @Test
  void keysAndValuesMayStandApart() {
    assertThat(set("number = 3").number()).isEqualTo(3);
    assertThat(set("text= a ").text()).isEqualTo(" a ");
    assertThat(set("text=").text()).isEmpty();
  }

  @Test
  void longValuesAreShownShortened() {
    String two = "x".repeat(200);
    assertRefused("number=" + two, "the text \"" + two + "\"; expected");
    assertRefused("number=" + two + "y", "the text \"" + two + "...\"; expected");
    assertRefused("number=" + "9".repeat(1000), "an integer of at most 64 bits");
    assertRefused("number=" + "9".repeat(1001), "is the text");
  }

  @Test
  void valuesOfAProgramAreSetAsThoseOfAFile() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("text", "5");
    values.put("count", 7L);
    values.put("inner.colour", "red");
    values.put("free", Arrays.asList(1, null, "a: b"));
    All all = ConfigLoader.with(DEFAULTS, values, "variant a");
    assertThat(all.text()).isEqualTo("5");
    assertThat(all.count()).isEqualTo(7);
    assertThat(all.inner()).isEqualTo(new Inner(1, Colour.RED));
    assertThat(all.free()).isEqualTo(Arrays.asList(1, null, "a: b"));
    assertThat(ConfigLoader.with(all, Map.of(), "nothing")).isEqualTo(all);
    assertThatThrownBy(() -> ConfigLoader.with(DEFAULTS, Map.of("number", "3"), "variant a"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("variant a: \"number\" is the text \"3\"; expected an integer");
    assertThatThrownBy(() -> ConfigLoader.with(DEFAULTS, Map.of("free", new Object()), "b"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("b: java.lang.Object")
        .hasMessageEndingWith("cannot be written as JSON");
  }

  @Test
  void onlyDifferencesAreWritten() {
    All other = set("inner.colour=red", "free=[1]", "count=3", "extra={a: 1}");
    assertThat(ConfigLoader.differences(other, DEFAULTS))
        .isEqualTo("count: 3\ninner:\n  colour: \"red\"\nfree:\n- 1\nextra:\n  a: 1\n");
    assertThat(ConfigLoader.differences(DEFAULTS, other))
        .isEqualTo("count: null\ninner:\n  colour: null\nfree: []\nextra: {}\n");
    assertThat(ConfigLoader.differences(other, other)).isEqualTo("{}\n");
  }

  @Test
  void keysSayWhichRecordHasThem() {
    assertThat(ConfigLoader.keys(All.class, DEFAULTS))
        .extracting(ConfigLoader.Key::key, ConfigLoader.Key::origin)
        .contains(
            tuple("number", "ConfigValuesTest.All.number"),
            tuple("inner.least", "ConfigValuesTest.Inner.least"));
  }

  @Test
  void theTopKeysOfAFileAreReadWhateverTheyAre() throws IOException {
    assertThat(ConfigLoader.topKeys(file("a: 1\nb.c: 2\n? [x]\n: 3\n")))
        .containsExactly("a", "b", "");
    assertThat(ConfigLoader.topKeys(file("- a\n"))).isEmpty();
    assertThat(ConfigLoader.topKeys(file(""))).isEmpty();
  }

  @Test
  void filesUpToTheLimitAreRead() throws IOException {
    String longest = "#" + "x".repeat((1 << 18) - 1);
    assertThat(load(longest)).isEqualTo(DEFAULTS);
    assertThatThrownBy(() -> load(longest + "x"))
        .hasMessageContaining("longer than the limit of 262,144");
    assertThatThrownBy(() -> ConfigLoader.parse(All.class, DEFAULTS, longest + "x", "given"))
        .hasMessageStartingWith("given: longer than");
    assertThat(ConfigLoader.parse(All.class, DEFAULTS, longest, "given")).isEqualTo(DEFAULTS);
    // The section, the key, the list and its elements.
    assertThat(load("free: [" + "1,".repeat(99_997) + "]").free()).hasSize(99_997);
    assertThatThrownBy(() -> load("free: [" + "1,".repeat(99_998) + "]"))
        .hasMessageContaining("unfold to more than 100,000 values");
    assertThatThrownBy(() -> load("free: [&a [" + "1,".repeat(50_000) + "], *a]"))
        .as("an alias counts each time")
        .hasMessageContaining("unfold to more than 100,000 values");
    assertThatThrownBy(() -> ConfigLoader.text(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(folder + ": cannot be read");
  }
}

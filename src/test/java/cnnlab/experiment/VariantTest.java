package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.Checks;
import cnnlab.config.ConfigException;
import cnnlab.engine.EngineKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariantTest {
  record Network(int dense, double dropout) {}

  record Config(EngineKind engine, int epochs, int repetitions, Network network) {
    Config {
      Checks.atLeast("epochs", epochs, 1);
    }
  }

  private static final Config BASE = new Config(EngineKind.DL4J, 5, 3, new Network(8, 0.5));

  private static void assertRefused(String message, List<Map<String, Object>> entries) {
    assertThatThrownBy(() -> Variant.of(BASE, "only", entries))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("variants: ")
        .hasMessageContaining(message);
  }

  @Test
  void withoutVariantsTheConfigurationIsTheOnlyOne() {
    assertThat(Variant.of(BASE, "only", List.of())).containsExactly(new Variant<>("only", BASE));
  }

  @Test
  void variantsDifferInTheirKeysOnly() {
    List<Variant<Config>> variants =
        Variant.of(
            BASE,
            "only",
            List.of(
                Map.of("name", "plain"),
                Map.of("name", "long", "set", Map.of("epochs", 9, "network.dropout", 0.25)),
                Map.of("name", "ours", "set", Map.of("engine", "scratch"))));
    assertThat(Variant.names(variants)).containsExactly("plain", "long", "ours");
    assertThat(variants)
        .extracting(Variant::config)
        .containsExactly(
            BASE,
            new Config(EngineKind.DL4J, 9, 3, new Network(8, 0.25)),
            new Config(EngineKind.SCRATCH, 5, 3, new Network(8, 0.5)));
    assertThat(Variant.engines(variants, Config::engine)).isEqualTo("dl4j, scratch");
    assertThat(Variant.engines(variants.subList(0, 2), Config::engine)).isEqualTo("dl4j");
  }

  @Test
  void requiresUniqueFolderNames() {
    String expected = "each needs a name of its own";
    assertRefused(expected, List.of(Map.of("set", Map.of("epochs", 2))));
    assertRefused(expected, List.of(Map.of("name", 5)));
    assertRefused(expected, List.of(Map.of("name", "Ünlike")));
    assertRefused(expected, List.of(Map.of("name", "a"), Map.of("name", "a")));
    assertRefused(expected, List.of(Map.of("name", "a", "set", List.of("epochs"))));
    Map<String, Object> nothing = new HashMap<>(Map.of("name", "a"));
    nothing.put("set", null);
    assertRefused("{name=a, set=null} found", List.of(nothing));
  }

  @Test
  void whatIsOneForAllAndWhatIsWrongIsRefusedByName() {
    assertRefused(
        "b sets repetitions, which is the same for all variants",
        List.of(Map.of("name", "b", "set", Map.of("repetitions", 2))));
    assertRefused(
        "b: unknown key \"epoch\"", List.of(Map.of("name", "b", "set", Map.of("epoch", 2))));
    assertRefused("epochs is 0", List.of(Map.of("name", "b", "set", Map.of("epochs", 0))));
    assertRefused(
        "b: \"network\" is the integer 3",
        List.of(Map.of("name", "b", "set", Map.of("network", 3))));
  }
}

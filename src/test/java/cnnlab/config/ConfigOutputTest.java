package cnnlab.config;

import static cnnlab.config.ConfigLoaderTest.DEFAULTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import cnnlab.config.ConfigLoaderTest.Config;
import cnnlab.config.ConfigLoaderTest.Dl4j;
import cnnlab.config.ConfigLoaderTest.Kind;
import cnnlab.config.ConfigLoaderTest.Optimizer;
import cnnlab.config.ConfigLoaderTest.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigOutputTest {
  @TempDir Path dir;

  private Resolved<Config> load(String yaml) throws IOException {
    Path file = Files.writeString(dir.resolve("run.yaml"), yaml);
    return ConfigLoader.load(Config.class, DEFAULTS, file, List.of());
  }

  @Test
  void yamlOfTheResolvedConfigurationLoadsBackEqual() throws IOException {
    Map<String, Object> step = new HashMap<>();
    step.put("kind", "rotate");
    step.put("null", null);
    step.put("true", Arrays.asList(1, 5_000_000_000L, 1e-7, 1e30, true, "1e-3", "off", "", null));
    step.put("0x1f", Map.of("p", -0.5));
    Config config =
        new Config(
            "a: b # c\n\"é\"\t'\\ " + "long ".repeat(40),
            1,
            2,
            Long.MIN_VALUE,
            new Optimizer(Kind.SGD_MOMENTUM, Double.MIN_VALUE, 0.1f),
            new Dl4j(false, 3),
            List.of(Integer.MAX_VALUE, -1),
            List.of(new Stage(4, "null"), new Stage(5, null)),
            List.of(step));
    assertThat(load(ConfigLoader.toYaml(config)).value()).isEqualTo(config);
    Resolved<Config> defaults = load("");
    assertThat(load(defaults.toYaml()).value()).isEqualTo(DEFAULTS);
    assertThat(defaults.toYaml()).contains("optimizer:\n  kind: \"adam\"\n  learningRate: 0.001\n");
  }

  @Test
  void keysListTypesAndDefaults() {
    assertThat(ConfigLoader.keys(Config.class, DEFAULTS))
        .extracting(ConfigLoader.Key::key, ConfigLoader.Key::type, ConfigLoader.Key::defaultValue)
        .contains(
            tuple("epochs", "an integer", "10"),
            tuple("optimizer.kind", "one of adam, sgd_momentum", "adam"),
            tuple("dl4j.onednn", "true or false", "true"),
            tuple("dl4j.threads", "an integer", "null"),
            tuple("sizes", "a list, each element an integer", "[4, 8]"))
        .hasSize(12);
  }
}

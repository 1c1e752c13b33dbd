package cnnlab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.nodes.Node;

class YamlReaderTest {
  @Test
  void fiftyLevelsAreReadAndNoMore() {
    assertThat(YamlReader.parse("[".repeat(50) + "]".repeat(50), "a.yaml")).isNotNull();
    // Depth is counted along a path, not over the whole document.
    assertThat(YamlReader.parse("[" + "[[]], ".repeat(60) + "]", "a.yaml")).isNotNull();
    assertThat(YamlReader.parse("{" + "a: {}, ".repeat(60) + "}", "a.yaml")).isNotNull();
    assertThatThrownBy(() -> YamlReader.parse("[".repeat(51) + "]".repeat(51), "a.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("a.yaml: not valid YAML: nested more than 50 levels deep");
  }

  @Test
  void faultsNameTheirLine() {
    assertThatThrownBy(() -> YamlReader.parse("a: 1\nb: [1\n", "a.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("a.yaml, line ")
        .hasMessageContaining("not valid YAML");
    assertThatThrownBy(() -> YamlReader.parse("a: 1\nb: *none\n", "a.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("a.yaml, line 2: not valid YAML: found undefined alias none");
  }

  @Test
  void lettersThatYamlForbidsAreRefused() {
    assertThatThrownBy(() -> YamlReader.parse("a: \u0001", "a.yaml"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("a.yaml: not valid YAML: ");
  }

  @Test
  void blanksAndCommentsAreNoTree() {
    assertThat(YamlReader.parse("", "a.yaml")).isNull();
    assertThat(YamlReader.parse("# nothing\n\n", "a.yaml")).isNull();
  }

  @Test
  void nodesKnowTheirLine() {
    Node top = YamlReader.parse("# first\n\na: 1\n", "a.yaml");
    assertThat(top.getStartMark()).get().extracting(mark -> mark.getLine()).isEqualTo(2);
    assertThat(YamlReader.textNode("5").getStartMark()).isEmpty();
  }
}

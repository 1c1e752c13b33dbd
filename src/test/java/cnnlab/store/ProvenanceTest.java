package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-03-04T05:06:07Z"), ZoneOffset.UTC);

  @TempDir Path temp;

  @Test
  void isCompleteAndStable() throws IOException {
    Provenance provenance = collect().finished(Instant.parse("2025-03-04T05:07:00Z"));
    Path file = RunDirectory.at(temp.resolve("run")).writeJson("provenance.json", provenance);
    JsonNode node = new ObjectMapper().readTree(file.toFile());
    assertThat(node.get("projectVersion").asText()).isEqualTo("0.1.0");
    assertThat(node.get("dl4jVersion").asText()).isEqualTo("1.0.0-M2.1");
    assertThat(node.get("java").get("version").asText())
        .isEqualTo(System.getProperty("java.version"));
    assertThat(node.get("java").get("maxHeapBytes").asLong()).isPositive();
    assertThat(node.get("machine").get("cores").asInt()).isPositive();
    assertThat(node.get("threads").asInt()).isEqualTo(2);
    assertThat(node.get("startedAt").asText()).isEqualTo("2025-03-04T05:06:07Z");
    assertThat(node.get("finishedAt").asText()).isEqualTo("2025-03-04T05:07:00Z");
    assertThat(node.get("arguments").toString()).isEqualTo("[\"task1\",\"--quick\"]");
    assertThat(node.get("seeds").fieldNames()).toIterable().containsExactly("init", "split");
    assertThat(node.get("engine").get("onednn").asBoolean()).isTrue();
  }

  @Test
  void revisionIsUnknownWithoutARepository() {
    assertThat(SystemInfo.git(temp)).isEqualTo(new Provenance.Git(null, null));
    assertThat(SystemInfo.git(temp.resolve("missing"))).isEqualTo(new Provenance.Git(null, null));
  }

  @Test
  void enclosingRepositoriesAreIgnored() {
    assumeTrue(SystemInfo.git(Path.of("")).commit() != null, "not a git work tree, or no git");
    assertThat(SystemInfo.git(Path.of("src"))).isEqualTo(new Provenance.Git(null, null));
  }

  @Test
  void cpuModelIsReadIfAvailable() throws IOException {
    Path file = temp.resolve("cpuinfo");
    Files.writeString(file, "processor\t: 0\nmodel name\t: Fast CPU: 3 GHz\nmodel name\t: other\n");
    assertThat(SystemInfo.cpuModel(file)).isEqualTo("Fast CPU: 3 GHz");
    assertThat(SystemInfo.cpuModel(temp.resolve("missing"))).isNull();
  }

  private Provenance collect() {
    return Provenance.collect(
        new Provenance.Inputs(
            "0.1.0",
            "1.0.0-M2.1",
            List.of("task1", "--quick"),
            2,
            Map.of("split", 1L, "init", 2L),
            Map.of("train-images.gz", "ba89"),
            Map.of("onednn", true)),
        temp,
        CLOCK);
  }
}

package cnnlab.run;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.store.RunDirectory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine that speaks as much of MLflow's REST interface as is used. */
class MlflowTrackingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  private final List<JsonNode> created = new ArrayList<>();
  private final Map<String, Map<String, String>> params = new TreeMap<>();
  private final Map<String, Map<String, String>> tags = new TreeMap<>();
  private final Map<String, Set<String>> metrics = new TreeMap<>();
  private final Map<String, String> ended = new TreeMap<>();
  private final Map<String, byte[]> files = new TreeMap<>();
  private HttpServer server;
  private boolean broken;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath().replaceFirst("/api/2.0/mlflow(/|-)", "");
    int status = broken ? 403 : 200;
    String answer = "{}";
    if (path.startsWith("artifacts/")) {
      files.put(path.replaceFirst("artifacts/artifacts/", ""), body);
    } else {
      answer = answer(path, JSON.readTree(body));
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String answer(String path, JsonNode request) {
    String run = request.path("run_id").asText();
    switch (path) {
      case "experiments/search":
        assertThat(request.path("filter").asText()).isEqualTo("name = 'task2-report'");
        return created.isEmpty() ? "{}" : "{\"experiments\": [{\"experiment_id\": \"7\"}]}";
      case "experiments/create":
        assertThat(created).isEmpty();
        assertThat(request.path("name").asText()).isEqualTo("task2-report");
        return "{\"experiment_id\": \"7\"}";
      case "runs/create":
        created.add(request);
        return "{\"run\": {\"info\": {\"run_id\": \"r%d\", \"experiment_id\": \"7\", \"artifact_uri\": \"mlflow-artifacts:/7/r%d/artifacts\"}}}"
            .formatted(created.size(), created.size());
      case "runs/log-batch":
        collect(request.path("params"), params, run);
        collect(request.path("tags"), tags, run);
        for (JsonNode m : request.path("metrics")) {
          metrics
              .computeIfAbsent(run, r -> new TreeSet<>())
              .add(
                  "%s@%d=%s"
                      .formatted(
                          m.path("key").asText(),
                          m.path("step").asLong(),
                          m.path("value").asDouble()));
        }
        return "{}";
      case "runs/update":
        ended.put(run, request.path("status").asText());
        return "{}";
      default:
        throw new IllegalArgumentException(path);
    }
  }

  private static void collect(JsonNode pairs, Map<String, Map<String, String>> into, String run) {
    for (JsonNode pair : pairs) {
      into.computeIfAbsent(run, r -> new TreeMap<>())
          .put(pair.path("key").asText(), pair.path("value").asText());
    }
  }

  private Map<String, String> environment() {
    return Map.of(MlflowTracking.VARIABLE, "http://localhost:" + server.getAddress().getPort());
  }

  private Path run() throws IOException {
    RunDirectory run = RunDirectory.at(temp.resolve("my run"));
    run.writeText(
        "config.yaml",
        "experiment: task2-report\nseed: 1\noptimizer: {learningRate: 0.01}\naugmentation:\n- rotate: {degrees: 18}\n");
    run.writeJson(
        "result.json", Map.of("mean", 0.93, "accuracies", List.of(0.92, 0.94), "sd", Double.NaN));
    run.writeText(
        "history.csv", "epoch,batchLoss,validationAccuracy,auc\n1,1.5,NaN,\n2,5.0E-4,0.93,\n");
    run.writeText(
        "runs.csv", "variant,repetition,seed,testAccuracy\nnone,1,11,0.92\nnone,2,12,0.94\n");
    run.writeText("history/none-2.csv", "epoch,batchLoss\n1,0.7\n");
    run.writeText(
        "provenance.json",
        "{\"git\": {\"commit\": \"abc\", \"dirty\": false}, \"seeds\": {\"seed\": 1}}");
    run.finish();
    return run.directory();
  }

  @Test
  void aRunIsCopiedWithParametersMetricsTagsAndFiles() throws IOException {
    assertThat(MlflowTracking.export(run(), environment())).isTrue();
    assertThat(created)
        .extracting(c -> c.path("run_name").asText())
        .containsExactly("my run", "none-1", "none-2");
    assertThat(params.get("r1"))
        .containsEntry("optimizer.learningRate", "0.01")
        .containsEntry("augmentation.0.rotate.degrees", "18");
    assertThat(metrics.get("r1"))
        .containsExactly(
            "epoch/batchLoss@1=1.5",
            "epoch/batchLoss@2=5.0E-4",
            "epoch/validationAccuracy@2=0.93",
            "mean@0=0.93");
    assertThat(tags.get("r1"))
        .containsEntry("mlflow.source.git.commit", "abc")
        .containsEntry("cnnlab.seed", "1");
    assertThat(metrics.get("r2")).containsExactly("testAccuracy@0=0.92");
    assertThat(metrics.get("r3")).containsExactly("epoch/batchLoss@1=0.7", "testAccuracy@0=0.94");
    assertThat(params.get("r3"))
        .containsExactly(Map.entry("repetition", "2"), Map.entry("variant", "none"));
    assertThat(tags.get("r3"))
        .containsEntry("mlflow.parentRunId", "r1")
        .containsEntry("cnnlab.seed", "12");
    assertThat(MlflowTracking.export(temp.resolve("my run"), environment())).isTrue();
    assertThat(created).hasSize(6);
    assertThat(ended).hasSize(6).containsValue("FINISHED").doesNotContainValue("FAILED");
    assertThat(files.keySet())
        .contains("7/r1/artifacts/config.yaml", "7/r1/artifacts/result.json")
        .noneMatch(f -> f.contains("none-2"));
    assertThat(new String(files.get("7/r1/artifacts/config.yaml"), StandardCharsets.UTF_8))
        .startsWith("experiment: task2-report");
  }

  @Test
  void withoutAServerNothingIsSent() throws IOException {
    assertThat(MlflowTracking.export(run(), Map.of())).isFalse();
    assertThat(created).isEmpty();
  }

  @Test
  void aServerThatRefusesOrIsDownDoesNotEndTheRun() throws IOException {
    Path run = run();
    broken = true;
    assertThat(MlflowTracking.export(run, environment())).isFalse();
    server.stop(0);
    assertThat(MlflowTracking.export(run, environment())).isFalse();
    assertThat(MlflowTracking.export(run, Map.of(MlflowTracking.VARIABLE, "sqlite:///x.db")))
        .isFalse();
  }
}

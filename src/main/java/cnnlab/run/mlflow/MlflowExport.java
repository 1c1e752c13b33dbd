package cnnlab.run.mlflow;

import cnnlab.run.history.RunFiles;
import cnnlab.store.RunStatus;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;

/**
 * Copies a finished run to an MLflow server: the configuration as parameters, the result and the
 * epochs of {@code history.csv} as metrics, small files as artifacts, commit and seed as tags; and
 * each training of {@code runs.csv} as a child run, with its epochs where there is {@code
 * history/VARIANT-REPETITION.csv}.
 *
 * <p>Credentials are those of MLflow's own client: {@code MLFLOW_TRACKING_USERNAME}, {@code
 * _PASSWORD}, {@code _TOKEN}.
 */
public final class MlflowExport {
  /** The largest file copied: models of the report's networks are smaller. */
  private static final long MAX_ARTIFACT_BYTES = 10_000_000;

  private final URI server;
  private final Path run;
  private final RunStatus status;
  private final long endedAt;

  private MlflowExport(URI server, Path run, RunStatus status) {
    this.server = server;
    this.run = run;
    this.status = status;
    this.endedAt = (status.endedAt() == null ? Instant.now() : status.endedAt()).toEpochMilli();
  }

  /**
   * Copies a run.
   *
   * @param server the address of the server, such as {@code http://localhost:5000}
   * @param run the directory of a finished run
   * @return the run's identifier on the server
   * @throws IOException if the server cannot be reached or refuses; the message names it
   */
  public static String export(String server, Path run) throws IOException {
    if (!server.matches("https?://.+")) {
      throw new IOException(
          server + " is not the address of an MLflow server, such as http://localhost:5000");
    }
    try (MlflowClient client = new MlflowClient(server)) {
      return new MlflowExport(URI.create(server), run, RunStatus.read(run)).send(client);
    } catch (MlflowClientException | IllegalArgumentException e) {
      throw new IOException("the MLflow server at %s: %s".formatted(server, e.getMessage()), e);
    }
  }

  private String send(MlflowClient client) throws IOException {
    JsonNode config = RunFiles.config(run);
    JsonNode result = RunFiles.result(run);
    String name = config.path("experiment").asText(result.path("experiment").asText("cnnlab"));
    String experiment = experiment(client, name.replace("'", ""));
    Service.RunInfo info = create(client, experiment, String.valueOf(run.getFileName()));
    MlflowBatch batch = new MlflowBatch(endedAt);
    batch.tags(tags());
    RunFiles.leaves(config).forEach(batch::parameter);
    RunFiles.leaves(result).forEach((key, value) -> batch.metric(key, 0, value));
    for (Map<String, String> epoch : RunFiles.rows(run.resolve("history.csv"))) {
      batch.epoch(epoch);
    }
    batch.send(client, info.getRunId());
    children(client, experiment, info.getRunId());
    MlflowArtifacts artifacts = new MlflowArtifacts(server, info.getArtifactUri());
    for (Path file : artifacts()) {
      artifacts.put(file);
    }
    client.setTerminated(info.getRunId(), Service.RunStatus.FINISHED, endedAt);
    return info.getRunId();
  }

  /**
   * Not by the client's getExperimentByName, which treats the answer "none" as an overload and
   * retries.
   */
  private static String experiment(MlflowClient client, String name) {
    return client
        .searchExperiments("name = '" + name + "'", Service.ViewType.ACTIVE_ONLY, 1, List.of())
        .getItems()
        .stream()
        .map(Service.Experiment::getExperimentId)
        .findFirst()
        .orElseGet(() -> client.createExperiment(name));
  }

  private Service.RunInfo create(MlflowClient client, String experiment, String name) {
    Service.CreateRun.Builder request =
        Service.CreateRun.newBuilder().setExperimentId(experiment).setRunName(name);
    if (status.startedAt() != null) {
      request.setStartTime(status.startedAt().toEpochMilli());
    }
    return client.createRun(request.build());
  }

  private Map<String, String> tags() throws IOException {
    JsonNode provenance = RunFiles.provenance(run);
    Map<String, String> tags = new TreeMap<>();
    put(tags, "mlflow.source.git.commit", provenance.path("git").path("commit"));
    put(tags, "cnnlab.git.dirty", provenance.path("git").path("dirty"));
    put(tags, "cnnlab.version", provenance.path("projectVersion"));
    put(tags, "cnnlab.dl4j", provenance.path("dl4jVersion"));
    put(tags, "cnnlab.trial", provenance.path("trial"));
    put(tags, "cnnlab.seed", provenance.path("seeds").path("seed"));
    tags.put("mlflow.source.type", "LOCAL");
    tags.put("mlflow.source.name", "cnnlab");
    return tags;
  }

  private static void put(Map<String, String> tags, String name, JsonNode value) {
    if (!value.isMissingNode() && !value.isNull()) {
      tags.put(name, value.asText());
    }
  }

  /** Copies the trainings of a run as child runs. */
  private void children(MlflowClient client, String experiment, String parent) throws IOException {
    for (Map<String, String> row : RunFiles.rows(run.resolve("runs.csv"))) {
      String name = row.get("variant") + "-" + row.get("repetition");
      String id = create(client, experiment, name).getRunId();
      MlflowBatch batch = new MlflowBatch(endedAt);
      batch.tags(Map.of("mlflow.parentRunId", parent, "cnnlab.seed", row.get("seed")));
      for (String key : List.of("variant", "repetition")) {
        batch.parameter(key, row.get(key));
      }
      row.forEach((key, value) -> batch.metric(key, 0, value));
      for (Map<String, String> epoch : RunFiles.rows(run.resolve("history/" + name + ".csv"))) {
        batch.epoch(epoch);
      }
      batch.send(client, id);
      boolean diverged = "diverged".equals(row.get("outcome"));
      client.setTerminated(
          id, diverged ? Service.RunStatus.FAILED : Service.RunStatus.FINISHED, endedAt);
    }
  }

  /** The small files at the top of the run directory. */
  private List<Path> artifacts() throws IOException {
    List<Path> small = new ArrayList<>();
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file) && Files.size(file) <= MAX_ARTIFACT_BYTES) {
          small.add(file);
        }
      }
    }
    return small;
  }
}

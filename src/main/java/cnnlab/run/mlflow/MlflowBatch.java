package cnnlab.run.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** Data of one MLflow run, sent in as few requests as the server's limits allow. */
final class MlflowBatch {
  private static final int MAX_METRICS = 1000;
  private static final int MAX_PARAMETERS = 100;

  /** The longest value that every version of the server accepts. */
  private static final int MAX_VALUE = 500;

  /** Columns that identify the training rather than measure it. */
  private static final Set<String> NAMES = Set.of("variant", "repetition", "seed", "data", "draw");

  private final long timestamp;
  private final List<Service.Metric> metrics = new ArrayList<>();
  private final List<Service.Param> parameters = new ArrayList<>();
  private final List<Service.RunTag> tags = new ArrayList<>();

  /**
   * @param timestamp the time of all metrics, in milliseconds since 1970
   */
  MlflowBatch(long timestamp) {
    this.timestamp = timestamp;
  }

  /** Adds tags. */
  void tags(Map<String, String> all) {
    all.forEach(
        (key, value) -> tags.add(Service.RunTag.newBuilder().setKey(key).setValue(value).build()));
  }

  /** Adds a parameter. */
  void parameter(String key, JsonNode value) {
    parameter(key, value.isTextual() ? value.textValue() : value.toString());
  }

  /** Adds a parameter; a long value is cut ({@code config.yaml} has it in full). */
  void parameter(String key, String value) {
    String shown = value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE);
    parameters.add(Service.Param.newBuilder().setKey(name(key)).setValue(shown).build());
  }

  /** Adds a metric; elements of lists are left out ({@code result.json} has them). */
  void metric(String key, long step, JsonNode value) {
    if (value.isNumber() && !key.endsWith("]")) {
      metric(key, step, value.asText());
    }
  }

  /** Adds a metric unless the value is not a number. */
  void metric(String key, long step, String value) {
    if (NAMES.contains(key) || !value.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")) {
      return;
    }
    metrics.add(
        Service.Metric.newBuilder()
            .setKey(name(key))
            .setStep(step)
            .setTimestamp(timestamp)
            .setValue(Double.parseDouble(value))
            .build());
  }

  /** Adds a row of a history; its column {@code epoch} is the step. */
  void epoch(Map<String, String> row) {
    long epoch = Long.parseLong(row.get("epoch"));
    row.forEach(
        (key, value) -> {
          if (!"epoch".equals(key)) {
            metric("epoch/" + key, epoch, value);
          }
        });
  }

  /** Sends everything to the server. */
  void send(MlflowClient client, String run) {
    client.logBatch(run, List.of(), List.of(), tags);
    for (int from = 0; from < parameters.size(); from += MAX_PARAMETERS) {
      int to = Math.min(from + MAX_PARAMETERS, parameters.size());
      client.logBatch(run, List.of(), parameters.subList(from, to), List.of());
    }
    for (int from = 0; from < metrics.size(); from += MAX_METRICS) {
      int to = Math.min(from + MAX_METRICS, metrics.size());
      client.logBatch(run, metrics.subList(from, to), List.of(), List.of());
    }
  }

  /** A valid name: letters, digits, {@code _-./} and blanks. */
  private static String name(String key) {
    return key.replaceAll("\\[([^\\]]*)\\]", ".$1").replaceAll("[^\\w./ -]", "_");
  }
}

package cnnlab.run.mlflow;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads files through the server, by the REST interface of MLflow's artifact proxy ({@code PUT
 * /api/2.0/mlflow-artifacts/artifacts/PATH}). MLflow's Java client would need the Python program
 * {@code mlflow} for this.
 */
final class MlflowArtifacts {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowArtifacts.class);
  private static final String PROXY = "mlflow-artifacts";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int SUCCESS = 2;
  private static final int HUNDRED = 100;

  private final URI server;
  private final URI folder;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /**
   * @param server the address of the server
   * @param folder the address of the run's artifacts, from the server
   */
  MlflowArtifacts(URI server, String folder) {
    this.server = server;
    this.folder = URI.create(folder);
    if (!PROXY.equals(this.folder.getScheme())) {
      LOG.info(
          "no files are copied: the MLflow server does not store artifacts itself but in {}",
          folder);
    }
  }

  /**
   * Uploads a file under its own name.
   *
   * @throws IOException if the server refuses it
   */
  void put(Path file) throws IOException {
    if (!PROXY.equals(folder.getScheme())) {
      return;
    }
    URI target =
        URI.create(
            "%s/api/2.0/mlflow-artifacts/artifacts%s/%s"
                .formatted(
                    server.toString().replaceAll("/+$", ""),
                    folder.getRawPath(),
                    file.getFileName().toString().replace(" ", "%20")));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .PUT(HttpRequest.BodyPublishers.ofFile(file));
    String access = access(System.getenv());
    if (access != null) {
      request.header("Authorization", access);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / HUNDRED != SUCCESS) {
        throw new IOException(
            "%s: the server answers %d: %s".formatted(target, answer.statusCode(), answer.body()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while sending " + file);
    }
  }

  /** The Authorization header, from the variables that MLflow's client uses; null if unset. */
  static String access(Map<String, String> environment) {
    String token = environment.get("MLFLOW_TRACKING_TOKEN");
    String user = environment.get("MLFLOW_TRACKING_USERNAME");
    String password = environment.get("MLFLOW_TRACKING_PASSWORD");
    if (user != null && password != null) {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
    return token == null ? null : "Bearer " + token;
  }
}

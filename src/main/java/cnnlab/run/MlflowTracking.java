package cnnlab.run;

import cnnlab.run.mlflow.MlflowExport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a finished run to the MLflow server of {@code MLFLOW_TRACKING_URI}. Failures are warnings
 * and never fail the run, and an unresponsive server is waited for at most two minutes.
 */
final class MlflowTracking {
  /** The address of the server. */
  static final String VARIABLE = "MLFLOW_TRACKING_URI";

  private static final Logger LOG = LoggerFactory.getLogger(MlflowTracking.class);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private MlflowTracking() {}

  /**
   * Copies the run, if a server is named.
   *
   * @param run directory of a finished run
   * @param environment the environment variables
   * @return whether it was copied
   */
  static boolean export(Path run, Map<String, String> environment) {
    String server = environment.getOrDefault(VARIABLE, "");
    if (server.isEmpty()) {
      return false;
    }
    FutureTask<String> copy = new FutureTask<>(() -> MlflowExport.export(server, run));
    Thread thread = new Thread(copy, "mlflow");
    thread.setDaemon(true);
    thread.start();
    try {
      LOG.info("copied to {} as run {}", server, copy.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
      return true;
    } catch (ExecutionException e) {
      LOG.warn("{} is not copied to MLflow: {}", run, e.getCause().getMessage());
      LOG.debug("cause", e);
    } catch (TimeoutException e) {
      LOG.warn("{} is not copied to MLflow: {} took more than {}", run, server, LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}

package cnnlab.engine;

import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;

/**
 * The training page of the module deeplearning4j-ui; the system property {@code
 * org.deeplearning4j.ui.port} sets its port.
 */
public final class Dl4jUi implements TrainingUi {
  /** Number of steps between updates: histograms of every step would slow the training down. */
  private static final int EVERY = 10;

  private final StatsStorage storage = new InMemoryStatsStorage();
  private final UIServer server = UIServer.getInstance();

  @Override
  public String watch(ComputationGraph graph) {
    server.attach(storage);
    graph.addListeners(new StatsListener(storage, EVERY));
    return server.getAddress();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

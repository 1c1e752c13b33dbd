package cnnlab.engine;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * DL4J's own page on a training, for the browser: score, size of updates, activations. It is
 * optional (Maven profile {@code ui}), because it adds 60 MB of libraries.
 */
public interface TrainingUi extends AutoCloseable {

  /**
   * Shows the training of a graph from now on.
   *
   * @return the address of the page
   */
  String watch(ComputationGraph graph);

  /** Stops the server of the page. */
  @Override
  void close();

  /** The page, if this build includes it. */
  static Optional<TrainingUi> find() {
    try {
      return ServiceLoader.load(TrainingUi.class, TrainingUi.class.getClassLoader()).findFirst();
    } catch (ServiceConfigurationError | LinkageError notAllThere) {
      return Optional.empty();
    }
  }
}

package cnnlab.engine;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * DL4J's own page about a training, in the browser: score, sizes of updates, activations. It is an
 * optional part (Maven profile {@code ui}), because it brings 60 MB of libraries.
 */
public interface TrainingUi extends AutoCloseable {

  /**
   * Shows what DL4J trains from now on.
   *
   * @return the address of the page
   */
  String watch(ComputationGraph graph);

  /** Ends the server of the page. */
  @Override
  void close();

  /** The page, if this build has it. */
  static Optional<TrainingUi> find() {
    try {
      return ServiceLoader.load(TrainingUi.class, TrainingUi.class.getClassLoader()).findFirst();
    } catch (ServiceConfigurationError | LinkageError notAllThere) {
      return Optional.empty();
    }
  }
}

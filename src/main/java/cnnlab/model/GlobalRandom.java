package cnnlab.model;

import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The one door to ND4J's global stream of random numbers. Whatever makes a graph seeds it anew
 * ({@code ComputationGraph.init}, also of a clone or a graph from a file) and mostly draws from it;
 * two threads that did so at once would take each other's numbers, and weights would not be those
 * of their seed.
 */
public final class GlobalRandom {
  private static final Object LOCK = new Object();

  private GlobalRandom() {}

  /**
   * Does something that seeds the stream or draws from it while nobody else does. May be nested.
   *
   * @return what the work returns
   */
  public static <T> T alone(Supplier<T> work) {
    synchronized (LOCK) {
      return work.get();
    }
  }

  /**
   * A graph with initial weights drawn from the configuration's own seed.
   *
   * @return the initialised graph
   */
  public static ComputationGraph initialised(ComputationGraphConfiguration configuration) {
    return alone(
        () -> {
          ComputationGraph graph = new ComputationGraph(configuration);
          graph.init();
          return graph;
        });
  }
}

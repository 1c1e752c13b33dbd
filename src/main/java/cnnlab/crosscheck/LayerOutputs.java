package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.DoubleNetwork;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The outputs of all layers for one image, computed by DL4J, by the network from scratch and, if it
 * is small enough, in double precision. The arrays must not be changed.
 *
 * @param library by layer, those of DL4J [C, H, W]; only layers that both engines have
 * @param scratch by layer in computing order, those from scratch [C, H, W]
 * @param exact by layer, those in double precision [C, H, W]; empty without that network
 */
public record LayerOutputs(
    Map<String, float[]> library, Map<String, float[]> scratch, Map<String, double[]> exact) {

  /** The engines for one model. Not thread-safe, as DL4J's graphs are not. */
  public static final class Engines {
    /** Limit on the multiplications of one image in double precision: about a second. */
    private static final long MOST_COST = 300_000_000;

    private final ComputationGraph graph;
    private final Network network;
    private final cnnlab.scratch64.Network exact;

    /**
     * @param graph the network in DL4J
     * @param network the same network from scratch, with nodes named like the graph's vertices
     * @param multiplications of one image, which decide on the use of double precision
     */
    public Engines(ComputationGraph graph, Network network, long multiplications) {
      this.graph = graph;
      this.network = network;
      this.exact = multiplications > MOST_COST ? null : DoubleNetwork.of(network);
    }

    /** Whether there is a network in double precision; it is left out of large models. */
    public boolean hasDouble() {
      return exact != null;
    }

    /** The network from scratch. */
    public Network network() {
      return network;
    }

    /**
     * Computes all layers.
     *
     * @param x one image [C, H, W]
     */
    public LayerOutputs run(float[] x) {
      Map<String, float[]> scratch = network.activations(x, 1);
      Map<String, float[]> library = new HashMap<>();
      Shape in = network.inputShape();
      LibraryActivations.of(
              graph, GraphEnds.input(graph, x, 1, in.channels(), in.height(), in.width()))
          .forEach((name, values) -> library.put(name, values.dup('c').data().asFloat()));
      library.keySet().retainAll(scratch.keySet());
      return new LayerOutputs(library, scratch, exact(x).orElseGet(Map::of));
    }

    private Optional<Map<String, double[]>> exact(float[] x) {
      if (exact == null) {
        return Optional.empty();
      }
      double[] wide = new double[x.length];
      Arrays.setAll(wide, i -> x[i]);
      return Optional.of(new LinkedHashMap<>(exact.activations(wide, 1)));
    }
  }
}

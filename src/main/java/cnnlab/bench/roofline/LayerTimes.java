package cnnlab.bench.roofline;

import cnnlab.bench.model.LayerWork;
import cnnlab.scratch.Inference;
import cnnlab.scratch.Network;
import cnnlab.scratch.StepClock;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.compiled.CompiledNetwork;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.statistics.descriptive.Median;

/** Times each layer of a network in its place, between the layers before and after it. */
public final class LayerTimes {
  private static final int WARM_UP = 6;

  /** One step: the nodes that were computed as one. */
  private record Step(List<Integer> nodes) implements Comparable<Step> {
    @Override
    public int compareTo(Step other) {
      return Integer.compare(first(), other.first());
    }

    private int first() {
      return nodes.isEmpty() ? -1 : nodes.get(0);
    }
  }

  /** A thread's own inference and times; the threads write to different ones. */
  private static final class Part implements StepClock {
    final Inference inference;
    final Map<Step, Long> nanos = new TreeMap<>();

    Part(Network network) {
      this.inference = new Inference(network);
    }

    @Override
    public void step(List<Integer> nodes, long duration) {
      nanos.merge(new Step(nodes), duration, Long::sum);
    }
  }

  private final Network network;
  private final float[] x;
  private final int batch;
  private final Map<Thread, Part> parts = new ConcurrentHashMap<>();
  private final float[] out;

  /** What computes as many images, as in {@code ScratchEngine}; null for {@link Inference}. */
  private final CompiledNetwork compiled;

  private LayerTimes(Network network, float[] x, int batch) {
    this.network = network;
    this.x = x;
    this.batch = batch;
    this.out = new float[batch * network.outputShape().size()];
    CompiledNetwork candidate = network.kernels().lanes() > 1 ? new CompiledNetwork(network) : null;
    this.compiled = candidate != null && candidate.suits(batch) ? candidate : null;
  }

  /**
   * Times the layers of forward passes as {@code predict} makes them.
   *
   * @param x images [batch, C, H, W]
   * @param threads that take micro-batches
   * @param seconds the shortest duration of all repeats; six times as long to warm up
   * @return the layers in the order of computation
   */
  public static List<LayerTime> measure(
      Network network, float[] x, int batch, int threads, double seconds) {
    LayerTimes times = new LayerTimes(network, x, batch);
    try (ThreadTeam team = new ThreadTeam(threads)) {
      times.repeat(team, WARM_UP * seconds);
      Map<Step, List<Double>> all = times.repeat(team, seconds);
      return all.entrySet().stream()
          .map(e -> times.layerTime(e.getKey(), median(e.getValue())))
          .toList();
    }
  }

  private static double median(List<Double> values) {
    return Median.withDefaults().evaluate(values.stream().mapToDouble(v -> v).toArray());
  }

  /** The seconds of each step in each pass. */
  private Map<Step, List<Double>> repeat(ThreadTeam team, double seconds) {
    Map<Step, List<Double>> all = new TreeMap<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      pass(team);
      Map<Step, Long> sums = new TreeMap<>();
      for (Part part : parts.values()) {
        part.nanos.forEach((step, nanos) -> sums.merge(step, nanos, Long::sum));
        part.nanos.clear();
      }
      sums.forEach(
          (step, nanos) -> all.computeIfAbsent(step, k -> new ArrayList<>()).add(nanos * 1e-9));
    } while (System.nanoTime() < end);
    return all;
  }

  private void pass(ThreadTeam team) {
    if (compiled != null) {
      Part part = parts.computeIfAbsent(Thread.currentThread(), thread -> new Part(network));
      StepClock clock = (nodes, nanos) -> part.step(nodes, nanos * team.threads());
      compiled.run(x, 0, batch, out, team, clock);
      return;
    }
    int size = Kernels.MICRO_BATCH;
    team.run(
        (batch + size - 1) / size,
        (number, pad) -> {
          Part part = parts.computeIfAbsent(Thread.currentThread(), thread -> new Part(network));
          int from = number * size;
          part.inference.run(x, from, Math.min(from + size, batch), out, part);
        });
  }

  private LayerTime layerTime(Step step, double seconds) {
    if (step.nodes.isEmpty()) {
      double values = network.inputShape().size() + network.outputShape().size();
      return new LayerTime(LayerTime.LAYOUT, "", seconds, 0, 2 * Float.BYTES * values * batch);
    }
    List<String> names = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    double multiplications = 0;
    double weights = 0;
    double values = 0;
    int last = -1;
    for (int k : step.nodes) {
      Node node = network.nodes().get(k);
      LayerWork work = LayerWork.of(network, node);
      names.add(node.name());
      kinds.add(node.layer().kind());
      multiplications += (double) work.multiplications() * batch;
      weights += work.weights();
      // What lies between two layers computed as one is neither written nor read.
      values += work.values() - (last >= 0 ? 2.0 * size(last) : 0);
      last = k;
    }
    return new LayerTime(
        String.join("+", names),
        String.join("+", kinds),
        seconds,
        multiplications,
        Float.BYTES * (values * batch + weights));
  }

  private int size(int node) {
    return network.nodes().get(node).shape().size();
  }
}

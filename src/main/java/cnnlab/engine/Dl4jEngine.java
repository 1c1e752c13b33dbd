package cnnlab.engine;

import cnnlab.model.GraphEnds;
import cnnlab.scratch.train.NetworkTrainer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Runs and trains a DL4J graph with one image input and one classification output. */
public final class Dl4jEngine implements Engine {
  private final ComputationGraph graph;
  private final int channels;
  private final int height;
  private final int width;
  private final double averageDecay;

  /** The averaged parameters, or null. */
  private final INDArray average;

  private long steps;

  /**
   * An engine that predicts with the graph's own weights.
   *
   * @param graph an initialised graph; {@link #trainBatch} changes it
   * @param channels C of its input
   * @param height H of its input
   * @param width W of its input
   */
  public Dl4jEngine(ComputationGraph graph, int channels, int height, int width) {
    this(graph, channels, height, width, 0);
  }

  /**
   * @param averageDecay decay of averaged weights, as in the engine from scratch; 0 for none
   */
  Dl4jEngine(ComputationGraph graph, int channels, int height, int width, double averageDecay) {
    this.graph = graph;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.averageDecay = averageDecay;
    this.average = averageDecay > 0 ? graph.params().dup() : null;
  }

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public float[] predict(float[] x, int n) {
    return withAverage(() -> output(x, n));
  }

  /** Computes something with the averaged weights, if there are any, in place of the current. */
  private <T> T withAverage(Supplier<T> work) {
    if (average == null) {
      return work.get();
    }
    INDArray current = graph.params().dup();
    graph.params().assign(average);
    try {
      return work.get();
    } finally {
      graph.params().assign(current);
    }
  }

  private float[] output(float[] x, int n) {
    INDArray out = graph.outputSingle(images(x, n));
    return out.ordering() == 'c' && !out.isView() ? out.data().asFloat() : floats(out);
  }

  @Override
  public double trainBatch(float[] x, float[] y, int n) {
    graph.fit(new DataSet(images(x, n), Nd4j.create(y, new long[] {n, y.length / n}, 'c')));
    if (average != null) {
      double decay = NetworkTrainer.averageDecay(averageDecay, steps);
      average.muli(decay).addi(graph.params().mul(1 - decay));
    }
    steps++;
    return graph.score();
  }

  @Override
  public float[] weights() {
    return floats(average == null ? graph.params() : average);
  }

  @Override
  public List<LayerWeights> layerWeights() {
    return withAverage(
        () ->
            graph.paramTable().entrySet().stream()
                .map(
                    entry ->
                        new LayerWeights(
                            entry.getKey(),
                            LongStream.of(entry.getValue().shape())
                                .mapToObj(Math::toIntExact)
                                .toList(),
                            floats(entry.getValue())))
                .toList());
  }

  /** Replaces both the current and the averaged weights. */
  @Override
  public void setWeights(float[] weights) {
    assign(graph.params(), weights);
    if (average != null) {
      assign(average, weights);
    }
  }

  /**
   * Writes the parameters, their averages, the optimiser's state, the number of steps (needed by
   * Adam's bias correction), and the state of ND4J's random numbers on this thread (used by
   * dropout).
   */
  @Override
  public void saveState(DataOutputStream out) throws IOException {
    out.writeInt(graph.getConfiguration().getIterationCount());
    out.writeLong(steps);
    out.writeLong(Nd4j.getRandom().rootState());
    out.writeLong(Nd4j.getRandom().nodeState());
    for (INDArray array : state()) {
      FloatArrays.write(out, floats(array));
    }
  }

  @Override
  public void loadState(DataInputStream in) throws IOException {
    graph.getConfiguration().setIterationCount(in.readInt());
    steps = in.readLong();
    Nd4j.getRandom().setStates(in.readLong(), in.readLong());
    for (INDArray array : state()) {
      float[] values = floats(array);
      FloatArrays.read(in, values);
      assign(array, values);
    }
  }

  private List<INDArray> state() {
    INDArray optimizer = graph.getUpdater().getUpdaterStateViewArray();
    return average == null
        ? List.of(graph.params(), optimizer)
        : List.of(graph.params(), optimizer, average);
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static void assign(INDArray array, float[] values) {
    array.assign(Nd4j.create(values, array.shape(), 'c'));
  }

  private INDArray images(float[] x, int n) {
    return GraphEnds.input(graph, x, n, channels, height, width);
  }
}

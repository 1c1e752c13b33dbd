package cnnlab.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Runs and trains a DL4J graph with one image input and one classifying output. */
public final class Dl4jEngine implements Engine {
  private final ComputationGraph graph;
  private final int channels;
  private final int height;
  private final int width;

  /**
   * @param graph an initialised graph; {@link #trainBatch} changes it
   * @param channels C of its input
   * @param height H of its input
   * @param width W of its input
   */
  public Dl4jEngine(ComputationGraph graph, int channels, int height, int width) {
    this.graph = graph;
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public float[] predict(float[] x, int n) {
    INDArray out = graph.outputSingle(images(x, n));
    return out.ordering() == 'c' && !out.isView()
        ? out.data().asFloat()
        : out.dup('c').data().asFloat();
  }

  @Override
  public double trainBatch(float[] x, float[] y, int n) {
    graph.fit(new DataSet(images(x, n), Nd4j.create(y, new long[] {n, y.length / n}, 'c')));
    return graph.score();
  }

  @Override
  public float[] weights() {
    return graph.params().dup('c').data().asFloat();
  }

  @Override
  public void setWeights(float[] weights) {
    graph.params().assign(Nd4j.create(weights, graph.params().shape(), 'c'));
  }

  /**
   * Parameters, the optimiser's state, and the number of steps, on which Adam's bias correction
   * depends.
   */
  @Override
  public void saveState(DataOutputStream out) throws IOException {
    out.writeInt(graph.getConfiguration().getIterationCount());
    FloatArrays.write(out, weights());
    FloatArrays.write(out, updaterState().dup('c').data().asFloat());
  }

  @Override
  public void loadState(DataInputStream in) throws IOException {
    int iterations = in.readInt();
    float[] weights = weights();
    FloatArrays.read(in, weights);
    float[] state = updaterState().dup('c').data().asFloat();
    FloatArrays.read(in, state);
    setWeights(weights);
    updaterState().assign(Nd4j.create(state, updaterState().shape(), 'c'));
    graph.getConfiguration().setIterationCount(iterations);
  }

  private INDArray updaterState() {
    return graph.getUpdater().getUpdaterStateViewArray();
  }

  private INDArray images(float[] x, int n) {
    return Nd4j.create(x, new long[] {n, channels, height, width}, 'c');
  }
}

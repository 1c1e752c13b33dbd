package cnnlab.peers;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.Runner;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network as operations of PyTorch, with its weights. */
final class TorchNetwork implements Runner {
  private final BenchModel model;
  private final Network network;
  private final NDManager manager;
  private final List<List<NDArray>> parameters = new ArrayList<>();

  TorchNetwork(BenchModel model, Engine engine) {
    this.model = model;
    this.network = model.network(new ReferenceKernels());
    this.manager = engine.newBaseManager();
    for (Node node : network.nodes()) {
      List<NDArray> own = new ArrayList<>();
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        float[] values = Arrays.copyOfRange(network.parameters(), at, at + p.size());
        NDArray array =
            manager.create(
                values, new Shape(p.shape().stream().mapToLong(Integer::longValue).toArray()));
        // [in, out] becomes [out, in].
        boolean turned = node.layer() instanceof Dense && p.shape().size() == 2;
        own.add(
            turned ? array.transpose().reshape(array.getShape().get(1), -1).duplicate() : array);
        at += p.size();
      }
      parameters.add(own);
    }
  }

  BenchModel model() {
    return model;
  }

  Network network() {
    return network;
  }

  NDManager manager() {
    return manager;
  }

  /** The parameters of node k. */
  List<NDArray> parameters(int k) {
    return parameters.get(k);
  }

  /** The inputs as an array, which belongs to the manager. */
  NDArray images(NDManager of, float[] x, int n) {
    var shape = network.inputShape();
    FloatBuffer values = FloatBuffer.wrap(x, 0, n * shape.size());
    return of.create(
        values,
        shape.isVector()
            ? new Shape(n, shape.channels())
            : new Shape(n, shape.channels(), shape.height(), shape.width()));
  }

  /**
   * Computes the outputs of the first nodes.
   *
   * @param nodes how many nodes
   */
  NDArray forward(NDArray images, int nodes, boolean training) {
    NDArray[] outputs = new NDArray[nodes];
    for (int k = 0; k < nodes; k++) {
      Node node = network.nodes().get(k);
      List<NDArray> inputs = new ArrayList<>();
      for (int input : node.inputs()) {
        inputs.add(input < 0 ? images : outputs[input]);
      }
      int first = node.inputs().get(0);
      var in = first < 0 ? network.inputShape() : network.nodes().get(first).shape();
      outputs[k] = TorchLayers.run(node, inputs, in, parameters.get(k), training);
    }
    return outputs[nodes - 1];
  }

  @Override
  public float[] predict(float[] x, int n) {
    try (NDManager call = manager.newSubManager()) {
      return forward(images(call, x, n), network.nodes().size(), false).toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}

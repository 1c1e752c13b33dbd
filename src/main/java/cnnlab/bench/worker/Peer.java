package cnnlab.bench.worker;

import cnnlab.bench.model.BenchModel;
import java.io.IOException;

/**
 * A library that is measured beside the engines and is not part of this module. {@link
 * java.util.ServiceLoader} finds implementations on the class path, which are listed in {@code
 * META-INF/services/cnnlab.bench.worker.Peer}.
 */
public interface Peer {
  /** Its name as an engine, such as {@code onnxruntime}. */
  String engine();

  /** Its name and version, such as {@code ONNX Runtime 1.23.2}. */
  String name();

  /** Whether it can train. */
  boolean trains();

  /**
   * Opens a network.
   *
   * @param training whether it will be trained; else it only predicts
   * @param threads threads to compute one operation with
   * @throws UnsupportedOperationException when it cannot run the network; the message names the
   *     layer
   * @throws IOException when a temporary file cannot be written
   */
  Runner open(BenchModel model, boolean training, int threads) throws IOException;
}

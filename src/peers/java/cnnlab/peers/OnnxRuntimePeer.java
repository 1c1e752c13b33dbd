package cnnlab.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import cnnlab.config.UsageException;
import cnnlab.crosscheck.Peer;
import cnnlab.data.file.NpyArray;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * <a href="https://onnxruntime.ai">ONNX Runtime</a> on the processor. Operators run as they are in
 * the file: it does not fuse them, which would round in other places.
 */
public final class OnnxRuntimePeer implements Peer {
  private static final int BATCH = 256;

  @Override
  public String option() {
    return "onnxruntime";
  }

  @Override
  public String name() {
    return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
  }

  @Override
  public NpyArray outputs(Path model, NpyArray inputs) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      try (OrtSession session = environment.createSession(model.toString(), options)) {
        return new Batches(environment, session, inputs).run();
      }
    } catch (OrtException e) {
      throw new UsageException(
          "%s: %s cannot run it: %s".formatted(model, name(), e.getMessage()), e);
    }
  }

  /** Runs some examples at a time; a file may fix how many. */
  private static final class Batches {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final NpyArray inputs;
    private final String input;

    Batches(OrtEnvironment environment, OrtSession session, NpyArray inputs) {
      this.environment = environment;
      this.session = session;
      this.inputs = inputs;
      input = session.getInputNames().iterator().next();
    }

    private int fixed() throws OrtException {
      TensorInfo info = (TensorInfo) session.getInputInfo().get(input).getInfo();
      return (int) info.getShape()[0];
    }

    NpyArray run() throws OrtException {
      int n = inputs.shape()[0];
      int size = inputs.data().length / n;
      int batch = fixed() > 0 ? fixed() : Math.min(n, BATCH);
      float[] all = null;
      int[] shape = null;
      for (int from = 0; from < n; from += batch) {
        int count = fixed() > 0 ? batch : Math.min(batch, n - from);
        int last = Math.min(from + count, n);
        // What is missing in a last batch of fixed size are zeros.
        float[] part =
            Arrays.copyOf(
                Arrays.copyOfRange(inputs.data(), from * size, last * size), count * size);
        NpyArray made = run(part, count);
        if (all == null) {
          shape = made.shape().clone();
          shape[0] = n;
          all = new float[made.data().length / count * n];
        }
        int each = all.length / n;
        System.arraycopy(made.data(), 0, all, from * each, (last - from) * each);
      }
      return new NpyArray(shape, all);
    }

    private NpyArray run(float[] part, int count) throws OrtException {
      long[] shape = Arrays.stream(inputs.shape()).asLongStream().toArray();
      shape[0] = count;
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(part), shape);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        OnnxValue output = result.get(0);
        long[] sides = ((TensorInfo) output.getInfo()).getShape();
        FloatBuffer values = ((OnnxTensor) output).getFloatBuffer();
        float[] found = new float[values.remaining()];
        values.get(found);
        return new NpyArray(Arrays.stream(sides).mapToInt(Math::toIntExact).toArray(), found);
      }
    }
  }
}

package cnnlab.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.Peer;
import cnnlab.bench.worker.Runner;
import cnnlab.model.file.ModelFileException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * ONNX Runtime for {@code bench}: inference with all its optimisations, on the file that {@code
 * export} writes.
 */
public final class OnnxRuntimeBench implements Peer {
  @Override
  public String engine() {
    return "onnxruntime";
  }

  @Override
  public String name() {
    return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
  }

  @Override
  public boolean trains() {
    return false;
  }

  @Override
  public Runner open(BenchModel model, boolean training, int threads) throws IOException {
    Path folder = Files.createTempDirectory("cnnlab-bench");
    Path file = folder.resolve("model.onnx");
    try {
      model.writeOnnx(file);
      return new Session(model, file, threads);
    } catch (ModelFileException e) {
      throw new UnsupportedOperationException(e.getMessage(), e);
    } catch (OrtException e) {
      throw new UnsupportedOperationException(
          "%s cannot run it: %s".formatted(name(), e.getMessage()), e);
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  /** A session on one file. */
  private static final class Session implements Runner {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final String input;
    private final BenchModel model;

    Session(BenchModel model, Path file, int threads) throws OrtException {
      this.model = model;
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        this.session = environment.createSession(file.toString(), options);
      }
      this.input = session.getInputNames().iterator().next();
    }

    @Override
    public float[] predict(float[] x, int n) {
      var shape = model.input();
      long[] sizes =
          shape.isVector()
              ? new long[] {n, shape.channels()}
              : new long[] {n, shape.channels(), shape.height(), shape.width()};
      FloatBuffer values = FloatBuffer.wrap(x, 0, n * shape.size());
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, sizes);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        FloatBuffer found = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] out = new float[found.remaining()];
        found.get(out);
        return out;
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

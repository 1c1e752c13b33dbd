package cnnlab.onnx;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The models of {@code src/test/resources/onnx/models}; see {@code tools/onnx/make_models.py}. */
public final class OnnxModels {
  private OnnxModels() {}

  /** The folder of all models. */
  public static Path folder() {
    try {
      return Path.of(OnnxModels.class.getResource("/onnx/models").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All model files, in the order of their names. */
  static Stream<Path> files() {
    String[] names = folder().toFile().list((dir, name) -> name.endsWith(".onnx"));
    Arrays.sort(names);
    return Arrays.stream(names).map(folder()::resolve);
  }

  /** The inputs that ONNX Runtime was given. */
  static Path inputs(Path model) {
    return beside(model, ".inputs.npy");
  }

  /** What ONNX Runtime computed. */
  static Path outputs(Path model) {
    return beside(model, ".outputs.npy");
  }

  private static Path beside(Path model, String ending) {
    String name = model.getFileName().toString();
    return folder().resolve(name.substring(0, name.indexOf('.')) + ending);
  }
}

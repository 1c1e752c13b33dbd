package cnnlab.keras;

import cnnlab.data.file.NpyArray;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The results of Keras 3 for a model of {@code src/test/resources/keras}, written by {@code
 * tools/keras/make_reference.py}.
 *
 * @param inputs eight images [N, H, W, C]
 * @param outputs [N, K]
 * @param layers each layer's activations, [N, H, W, C] or [N, F], by the names of the layer and of
 *     the models it is nested in, with dots between
 */
public record Reference(NpyArray inputs, NpyArray outputs, Map<String, NpyArray> layers) {
  private static final String ENDING = ".reference.h5";

  /** The folder of all models. */
  public static Path folder() {
    try {
      return Path.of(Reference.class.getResource("/keras").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All model files, in the order of their names. */
  static Stream<Path> files() {
    String[] names = folder().toFile().list((dir, name) -> !name.endsWith(ENDING));
    Arrays.sort(names);
    return Arrays.stream(names)
        .filter(name -> name.endsWith(".keras") || name.endsWith(".h5"))
        .map(folder()::resolve);
  }

  /** The reference of a model file. */
  static Reference of(Path model) {
    String name = model.getFileName().toString();
    Path file = folder().resolve(name.substring(0, name.indexOf('.')) + ENDING);
    try (HdfFile hdf = new HdfFile(file)) {
      Map<String, NpyArray> layers = new LinkedHashMap<>();
      ((Group) hdf.getChild("layers"))
          .getChildren()
          .forEach((layer, data) -> layers.put(layer, array((Dataset) data)));
      return new Reference(
          array((Dataset) hdf.getChild("inputs")),
          array((Dataset) hdf.getChild("outputs")),
          layers);
    }
  }

  private static NpyArray array(Dataset dataset) {
    return new NpyArray(dataset.getDimensions(), (float[]) dataset.getDataFlat());
  }

  /** The images in the order of the engines, [N, C, H, W]; a channel axis is added if necessary. */
  float[] images() {
    return channelsFirst(inputs).data();
  }

  /** Activations in the order of the engines. */
  static NpyArray channelsFirst(NpyArray array) {
    int[] s = array.shape();
    return switch (s.length) {
      case 3 -> new NpyArray(new int[] {s[0], 1, s[1], s[2]}, array.data());
      case 4 -> array.nhwcToNchw();
      default -> array;
    };
  }

  List<String> names() {
    return List.copyOf(layers.keySet());
  }
}

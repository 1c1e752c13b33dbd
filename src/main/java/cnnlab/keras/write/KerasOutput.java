package cnnlab.keras.write;

import cnnlab.io.AtomicFile;
import cnnlab.keras.file.ArchiveWeights;
import cnnlab.keras.file.KerasArchive;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a model in the two formats of Keras 3. */
final class KerasOutput {
  /** The version of Keras whose format this is. */
  private static final String VERSION = "3.15.1";

  private static final String BACKEND = "tensorflow";
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd@HH:mm:ss");
  private static final JsonMapper JSON = new JsonMapper();

  private KerasOutput() {}

  /**
   * Writes a {@code .keras} archive.
   *
   * @throws IOException when it cannot be written; no partial file remains
   */
  static void archive(Path file, KerasGraph graph, String name) throws IOException {
    ObjectNode metadata = KerasGraph.config();
    metadata.put("keras_version", VERSION);
    metadata.put("date_saved", LocalDateTime.now(ZoneOffset.UTC).format(DATE));
    AtomicFile.write(
        file,
        temporary -> {
          try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
            zip.putNextEntry(new ZipEntry(KerasArchive.METADATA));
            zip.write(JSON.writeValueAsBytes(metadata));
            zip.putNextEntry(new ZipEntry(KerasArchive.CONFIGURATION));
            zip.write(JSON.writeValueAsBytes(KerasText.model(graph, name)));
            zip.putNextEntry(new ZipEntry(KerasArchive.WEIGHTS));
            Hdf5Output.write(archiveWeights(graph), zip);
          }
        });
  }

  private static List<KerasLayer> layers(KerasGraph graph) {
    return graph.ordered().stream().filter(layer -> !layer.isOperation()).toList();
  }

  /** Groups {@code layers/conv2d_1/vars/0}: class, number of its class, number of the variable. */
  private static Hdf5Group archiveWeights(KerasGraph graph) {
    Hdf5Group root = new Hdf5Group();
    root.group("vars");
    Map<String, Integer> counts = new HashMap<>();
    for (KerasLayer layer : layers(graph)) {
      String kind = ArchiveWeights.snakeCase(layer.className());
      int count = counts.merge(kind, 1, Integer::sum) - 1;
      Hdf5Group vars = root.group("layers/" + kind + (count == 0 ? "" : "_" + count) + "/vars");
      vars.text("name", layer.name());
      for (int i = 0; i < layer.weights().size(); i++) {
        vars.array(String.valueOf(i), layer.weights().get(i));
      }
    }
    return root;
  }

  /**
   * Writes a {@code .h5} file, the older format.
   *
   * @throws IOException when it cannot be written; no partial file remains
   */
  static void legacy(Path file, KerasGraph graph, String name) throws IOException {
    Hdf5Group root = new Hdf5Group();
    root.text("keras_version", VERSION);
    root.text("backend", BACKEND);
    root.text("model_config", JSON.writeValueAsString(KerasText.model(graph, name)));
    Hdf5Group weights = root.group("model_weights");
    weights.text("keras_version", VERSION);
    weights.text("backend", BACKEND);
    List<KerasLayer> layers = layers(graph);
    weights.texts("layer_names", layers.stream().map(KerasLayer::name).toList());
    for (KerasLayer layer : layers) {
      Hdf5Group own = weights.group(layer.name());
      List<String> names = new ArrayList<>();
      for (WeightValues values : layer.weights()) {
        names.add(layer.name() + "/" + values.name());
        own.array(names.get(names.size() - 1), values);
      }
      own.texts("weight_names", names);
    }
    AtomicFile.write(
        file,
        temporary -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
            Hdf5Output.write(root, out);
          }
        });
  }
}

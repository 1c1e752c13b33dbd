package cnnlab.keras;

import cnnlab.keras.file.ArchiveWeights;
import cnnlab.keras.file.Companion;
import cnnlab.keras.file.Hdf5Tree;
import cnnlab.keras.file.KerasArchive;
import cnnlab.keras.file.KerasFault;
import cnnlab.keras.file.LegacyWeights;
import cnnlab.keras.file.Limits;
import cnnlab.keras.file.TensorShape;
import cnnlab.keras.file.TensorShape.Image;
import cnnlab.keras.layer.Assembly;
import cnnlab.keras.layer.Catalogue;
import cnnlab.keras.layer.FlatLayer;
import cnnlab.keras.layer.RandomLayers;
import cnnlab.keras.layer.Topology;
import cnnlab.model.JoinedGraph;
import cnnlab.model.file.ModelFileException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads Keras models: the {@code .keras} archives of Keras 3, the {@code .h5} files of Keras 2 and
 * 3, which are recognised by their content, and models in two files, the architecture as {@code
 * .json} and the weights as {@code .h5} beside it; see {@link Companion}.
 *
 * <p>Files are not trusted: sizes are checked before memory is allocated, nothing is written to
 * disk, no link is followed, and configurations are parsed but never executed. See {@link Limits}.
 */
public final class KerasFile {
  private static final byte[] ZIP = {'P', 'K'};

  /** The backends whose convolutions are cross-correlations, as here. */
  private static final Set<String> BACKENDS =
      Set.of("tensorflow", "cntk", "jax", "torch", "numpy", "openvino");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private KerasFile() {}

  /**
   * Whether {@link #read} should read a file, judged by its name or its content.
   *
   * @return false for a missing file with another name
   */
  public static boolean recognises(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (Stream.of(".keras", ".h5", ".hdf5", ".json").anyMatch(name::endsWith)) {
      return true;
    }
    return Files.isRegularFile(file)
        && (Hdf5Tree.startsWithMagic(begin(file)) || KerasArchive.recognises(file));
  }

  /**
   * Reads a model.
   *
   * @param file a {@code .keras} or {@code .h5} file
   * @return the graph and information about it
   * @throws ModelFileException when the file is missing, damaged, too large or not a model, or has
   *     an unsupported layer or option; the message gives the file, the layer and a remedy
   */
  public static KerasModel read(Path file) {
    return read(file, () -> null);
  }

  /**
   * Reads a model whose input may be of unknown size.
   *
   * @param file a {@code .keras} or {@code .h5} file
   * @param sizes gives the sizes of the only input's axes, in Keras' order, if the file does not
   *     give all; only then it is called. Null for none
   * @return the graph and information about it
   * @throws ModelFileException as {@link #read(Path)}, and when the sizes do not fit
   */
  public static KerasModel read(Path file, Supplier<List<Integer>> sizes) {
    try {
      return load(file, sizes);
    } catch (KerasFault e) {
      throw new ModelFileException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ModelFileException("%s: cannot be read (%s)".formatted(file, e), e);
    } catch (RuntimeException e) {
      throw new ModelFileException(
          "%s: DL4J does not accept this model (%s); expected a model that Keras saved"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static KerasModel load(Path file, Supplier<List<Integer>> sizes) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new KerasFault(
          (Files.exists(file) ? "is not a file" : "no such file")
              + "; expected a .keras or .h5 file that Keras wrote. Check the path");
    }
    byte[] begin = begin(file);
    if (Hdf5Tree.startsWithMagic(begin)) {
      return legacy(file, sizes);
    }
    if (Arrays.equals(Arrays.copyOf(begin, ZIP.length), ZIP)) {
      return archive(file, sizes);
    }
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
      return apart(architecture(file), Companion.weights(file), sizes);
    }
    throw new KerasFault(
        "neither a zip archive (.keras) nor an HDF5 file (.h5), or a truncated one; expected a model that Keras saved");
  }

  private static KerasModel archive(Path file, Supplier<List<Integer>> sizes) {
    KerasArchive archive = KerasArchive.read(file);
    json(KerasArchive.METADATA, archive.metadata());
    JsonNode model = json(KerasArchive.CONFIGURATION, archive.configuration());
    Hdf5Tree weights = Hdf5Tree.read(KerasArchive.WEIGHTS, archive.weights());
    List<String> notes = new ArrayList<>();
    noteOptimiser(weights, notes);
    Topology topology =
        new Topology(
            model, layers -> new ArchiveWeights(KerasArchive.WEIGHTS, weights, layers), sizes);
    return build(topology, notes);
  }

  /** The other file that {@link #read} also reads for a model in two files; empty for others. */
  public static Optional<Path> companion(Path file) {
    try {
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
        return Optional.of(Companion.weights(file));
      }
      boolean weights = Files.isRegularFile(file) && Hdf5Tree.startsWithMagic(begin(file));
      return weights ? Companion.architecture(file) : Optional.empty();
    } catch (KerasFault e) {
      return Optional.empty();
    }
  }

  private static JsonNode architecture(Path file) throws IOException {
    if (Files.size(file) > Limits.CONFIGURATION_BYTES) {
      throw new KerasFault("%s has %,d bytes".formatted(file.getFileName(), Files.size(file)));
    }
    JsonNode model = json(file.getFileName().toString(), Files.readAllBytes(file));
    if (!Companion.isArchitecture(model)) {
      throw new KerasFault(
          "%s has no class_name and config, so it is not the architecture of a Keras model, as model.to_json() writes it"
              .formatted(file.getFileName()));
    }
    requireKeras2(model.path("keras_version").asText(null), model.path("backend").asText(null));
    return model;
  }

  /** A model in two files. */
  private static KerasModel apart(JsonNode model, Path file, Supplier<List<Integer>> sizes)
      throws IOException {
    Hdf5Tree tree = hdf5(file);
    List<String> notes = new ArrayList<>();
    notes.add("its weights are those of " + file.getFileName());
    return apart(model, tree, file, notes, sizes);
  }

  private static KerasModel apart(
      JsonNode model, Hdf5Tree tree, Path file, List<String> notes, Supplier<List<Integer>> sizes) {
    String name = String.valueOf(file.getFileName());
    Hdf5Tree within = tree.group("model_weights");
    Hdf5Tree weights = within == null ? tree : within;
    requireKeras2(tree, weights);
    boolean archive =
        tree.group("layers") != null && !tree.texts().containsKey("layer_names")
            || tree.group("_layer_checkpoint_dependencies") != null;
    return build(
        new Topology(
            model,
            layers -> archive ? new ArchiveWeights(name, tree, layers) : new LegacyWeights(weights),
            sizes),
        notes);
  }

  private static Hdf5Tree hdf5(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    Limits.requireWeights(name, Files.size(file));
    return Hdf5Tree.read(name, Files.readAllBytes(file));
  }

  private static KerasModel weightsAlone(Path file, Hdf5Tree tree, Supplier<List<Integer>> sizes)
      throws IOException {
    Optional<Path> beside = Companion.architecture(file);
    if (beside.isEmpty() || !Companion.isArchitecture(json(beside.get()))) {
      throw new KerasFault(
          "an HDF5 file without the attribute model_config, so not a model: it has only weights, or other data. Put the architecture beside it (model.to_json()) as a .json file of the same name, or save the complete model in Keras with model.save");
    }
    List<String> notes = new ArrayList<>();
    notes.add("its architecture is that of " + beside.get().getFileName());
    return apart(architecture(beside.get()), tree, file, notes, sizes);
  }

  /** The JSON of a file, whatever it is; a missing node if it is not JSON. */
  private static JsonNode json(Path file) throws IOException {
    try {
      return Files.size(file) > Limits.CONFIGURATION_BYTES
          ? MissingNode.getInstance()
          : JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static KerasModel legacy(Path file, Supplier<List<Integer>> sizes) throws IOException {
    Limits.requireWeights("the file", Files.size(file));
    Hdf5Tree tree = Hdf5Tree.read("the file", Files.readAllBytes(file));
    String configuration = tree.text("model_config");
    Hdf5Tree weights = tree.group("model_weights");
    if (configuration == null) {
      return weightsAlone(file, tree, sizes);
    }
    if (weights == null) {
      throw new KerasFault(
          "an HDF5 file without the group model_weights, so not a model: it has other data. Save the complete model in Keras with model.save");
    }
    if (configuration.length() > Limits.CONFIGURATION_BYTES) {
      throw new KerasFault("model_config has %,d characters".formatted(configuration.length()));
    }
    requireKeras2(tree, weights);
    List<String> notes = new ArrayList<>();
    noteOptimiser(tree, notes);
    JsonNode model = json("model_config", configuration.getBytes(StandardCharsets.UTF_8));
    return build(new Topology(model, layers -> new LegacyWeights(weights), sizes), notes);
  }

  /**
   * Rejects files of Keras 1, which had different layers, and of the backend Theano, whose
   * convolutions rotate their kernels by 180 degrees. Only the attributes {@code keras_version} and
   * {@code backend} identify such files.
   */
  private static void requireKeras2(Hdf5Tree... places) {
    for (Hdf5Tree place : places) {
      requireKeras2(place.text("keras_version"), place.text("backend"));
    }
  }

  private static void requireKeras2(String version, String backend) {
    if (version != null && version.startsWith("1.")) {
      throw new KerasFault(
          "written by Keras %s; expected Keras 2 or 3. Load it in Keras 2 and save it again"
              .formatted(version));
    }
    if (backend != null && !BACKENDS.contains(backend)) {
      throw new KerasFault(
          "written with the backend '%s', expected one of %s: Theano's convolutions rotate their kernels, and other backends are unknown. Load it in Keras with TensorFlow and save it again"
              .formatted(backend, new TreeSet<>(BACKENDS)));
    }
  }

  private static KerasModel build(Topology topology, List<String> notes) {
    Assembly graph = new Assembly(topology, notes);
    for (FlatLayer layer : topology.layers()) {
      requireNotQuantised(layer);
      noteType(layer, graph);
      Catalogue.add(layer, graph);
    }
    if (!topology.frozen().isEmpty()) {
      notes.add(
          "%s are not trainable in Keras; here they are trained".formatted(topology.frozen()));
    }
    var augmentation = RandomLayers.augmentation(topology.random(), notes);
    ComputationGraph made = graph.build();
    List<KerasModel.End> inputs =
        topology.inputs().stream()
            .map(input -> new KerasModel.End(input.name(), input.shape().sizes()))
            .toList();
    List<KerasModel.End> outputs =
        topology.outputs().stream()
            .map(output -> new KerasModel.End(output.name(), graph.shape(output).sizes()))
            .toList();
    JoinedGraph joined =
        inputs.size() > 1 || outputs.size() > 1
            ? JoinedGraph.of(made, graph.inputTypes(), graph.outputs())
            : null;
    TensorShape in = topology.inputs().get(0).shape();
    Image image =
        inputs.size() > 1
            ? new Image(1, 1, joined.inputSize())
            : in instanceof Image i ? i : new Image(1, 1, Math.toIntExact(in.size()));
    return new KerasModel(
        joined == null ? made : joined.graph(),
        image.channels(),
        image.height(),
        image.width(),
        inputs,
        outputs,
        topology.channelsFirst(),
        joined,
        List.copyOf(augmentation),
        List.copyOf(notes));
  }

  private static void noteOptimiser(Hdf5Tree tree, List<String> notes) {
    if (tree.groups().containsKey("optimizer") || tree.groups().containsKey("optimizer_weights")) {
      notes.add("the optimiser's state is ignored");
    }
  }

  /**
   * Rejects quantised weights (integers with scales). Keras' dtype policy then has a mode, such as
   * {@code int8}.
   *
   * @throws KerasFault when the weights are quantised; the message names the mode
   */
  private static void requireNotQuantised(FlatLayer layer) {
    JsonNode policy = layer.config().get("dtype");
    JsonNode mode = policy.path("config").path("mode");
    if (mode.isTextual() || !layer.config().get("quantization_config").isMissingNode()) {
      throw layer
          .config()
          .fault(
              "its weights are quantised (%s), which is not supported; expected float32. Save the model before model.quantize(...)"
                  .formatted(mode.isTextual() ? mode.asText() : "quantization_config"));
    }
  }

  /**
   * Adds a note about a data type other than float32, with which Keras computes different numbers.
   */
  private static void noteType(FlatLayer layer, Assembly graph) {
    JsonNode type = layer.config().get("dtype");
    String name = type.isObject() ? type.path("config").path("name").asText() : type.asText();
    if (!name.isEmpty() && !name.equals("float32")) {
      graph.note(layer, "Keras computes it in %s, here it is float32".formatted(name));
    }
  }

  private static JsonNode json(String what, byte[] bytes) {
    try {
      JsonNode node = JSON.readTree(bytes);
      if (node == null || !node.isObject()) {
        throw new KerasFault(
            what + " is JSON, but not an object; expected the JSON that Keras writes");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new KerasFault(
          "%s is not JSON (%s); expected the JSON that Keras writes"
              .formatted(what, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new KerasFault("%s is not JSON (%s)".formatted(what, e.getMessage()), e);
    }
  }

  private static byte[] begin(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Hdf5Tree.MAGIC.length);
    } catch (IOException e) {
      return new byte[0];
    }
  }
}

package cnnlab.keras.write;

import cnnlab.model.file.ModelFileException;
import cnnlab.scratch.Network;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Writes a model as a file that Keras 3 loads with {@code keras.saving.load_model}. */
public final class KerasExport {
  private static final String ARCHIVE = ".keras";
  private static final String LEGACY = ".h5";

  /** The file names that are Keras', for messages. */
  public static final String NAMES = ARCHIVE + " or " + LEGACY;

  private KerasExport() {}

  /**
   * A model to write.
   *
   * @param graph the model
   * @param network compiled from it
   * @param input shape of one input in Keras: [H, W, C], [H, W] or [F]; [W, C] for signals
   * @param output shape of one output in Keras, or null for that of the last layer
   * @param preparation what is done with the images before the network, to be part of the model;
   *     null for the network alone
   */
  public record Source(
      ComputationGraph graph,
      Network network,
      List<Integer> input,
      List<Integer> output,
      Preparation preparation) {}

  /** Whether a file has a name of this format. */
  public static boolean writes(Path file) {
    return hasSuffix(file, ARCHIVE) || hasSuffix(file, LEGACY);
  }

  private static boolean hasSuffix(Path file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  /**
   * Writes a file atomically.
   *
   * @param file created or replaced; {@code .h5} for the older format, else a {@code .keras}
   *     archive
   * @return notes for the user on what was left out, one sentence each
   * @throws ModelFileException when the model cannot be said in Keras; the message names the layer
   * @throws IOException when it cannot be written
   */
  public static List<String> write(Path file, Source source) throws IOException {
    List<String> notes = new ArrayList<>();
    KerasGraph graph = new KerasGraph();
    String first = start(graph, source, notes);
    Penalties penalties = new Penalties(source.graph);
    KerasTranslation.add(source.network, penalties, graph, first, source.output);
    if (!penalties.others().isEmpty()) {
      notes.add(
          "%s is not part of a Keras model; give it to the optimizer"
              .formatted(String.join(", ", penalties.others())));
    }
    if (hasSuffix(file, LEGACY)) {
      KerasOutput.legacy(file, graph, "model");
    } else {
      KerasOutput.archive(file, graph, "model");
    }
    return List.copyOf(notes);
  }

  /** Adds the input and what comes before the network; returns the layer that the network reads. */
  private static String start(KerasGraph graph, Source source, List<String> notes) {
    ObjectNode config = KerasGraph.config();
    config.set("batch_shape", KerasText.batch(source.input));
    config.put("sparse", false).put("ragged", false);
    String name = source.graph.getConfiguration().getNetworkInputs().get(0);
    String last = graph.add(KerasLayer.INPUT, name, config, List.of(), source.input, List.of());
    if (source.preparation != null) {
      last = PreparationLayers.add(graph, source.preparation, notes);
    }
    if (source.input.size() == 2) {
      List<Integer> shape = Tensors.image(source.network.inputShape());
      ObjectNode reshape = KerasGraph.config();
      shape.forEach(reshape.putArray("target_shape")::add);
      last = graph.add("Reshape", name + "_channel", reshape, List.of(last), shape, List.of());
    }
    return last;
  }
}

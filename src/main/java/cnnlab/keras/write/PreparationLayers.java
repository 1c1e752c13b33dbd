package cnnlab.keras.write;

import cnnlab.keras.write.Preparation.Entry;
import cnnlab.model.file.ModelFileException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Writes a run's preparation of images as Keras layers: random transforms as {@code Random*}
 * layers, the normalisation as {@code Rescaling}. The inverse of {@code
 * cnnlab.keras.layer.RandomLayers}.
 */
final class PreparationLayers {
  private static final double TURN = 360;
  private static final int WHITE = 255;
  private static final String FACTOR = "factor";
  private static final String HEIGHT = "height_factor";
  private static final String WIDTH = "width_factor";

  /** Border modes here and Keras' fill modes. */
  private static final Map<String, String> BORDERS =
      Map.of("reflect", "reflect", "nearest", "nearest", "zero", "constant");

  private final KerasGraph graph;
  private final List<Integer> shape;
  private final List<String> notes;
  private String last;

  private PreparationLayers(KerasGraph graph, List<String> notes) {
    this.graph = graph;
    this.shape = graph.input().output();
    this.notes = notes;
    last = graph.input().name();
  }

  /**
   * Adds the layers after the input.
   *
   * @param notes receives a note for each random transform that Keras does not have
   * @return the last layer
   * @throws ModelFileException when a fixed transform cannot be said in Keras
   */
  static String add(KerasGraph graph, Preparation preparation, List<String> notes) {
    if (!preparation.fixed().isEmpty()) {
      throw new ModelFileException(
          "the images of the run were prepared with %s, which Keras does not have; export without --with-preprocessing and prepare the images yourself"
              .formatted(preparation.fixed()),
          null);
    }
    PreparationLayers layers = new PreparationLayers(graph, notes);
    for (Entry entry : preparation.entries()) {
      layers.add(entry);
    }
    ObjectNode rescaling = KerasGraph.config();
    rescaling.put("scale", preparation.scale()).put("offset", preparation.offset());
    return layers.put("Rescaling", "rescaling", rescaling);
  }

  private String put(String className, String name, ObjectNode config) {
    last = graph.add(className, name, config, List.of(last), shape, List.of());
    return last;
  }

  private void add(Entry entry) {
    Map<String, Object> p = entry.parameters();
    boolean image = shape.size() == 3;
    boolean always = !p.containsKey("probability") || number(p, "probability") == 1;
    boolean known = image && always && known(entry.name(), p);
    if (!known) {
      notes.add(
          "%s %s of the run's augmentation is left out: Keras has no layer like it"
              .formatted(entry.name(), p));
    }
  }

  /** Adds the layer for a transform; false if Keras has none. */
  private boolean known(String name, Map<String, Object> p) {
    ObjectNode config = KerasGraph.config();
    config.putNull("seed");
    switch (name) {
      case "flip" -> {
        config.put("mode", String.valueOf(p.getOrDefault("axes", "horizontal_and_vertical")));
        put("RandomFlip", "random_flip", config);
      }
      case "rotate" -> {
        range(config, FACTOR, number(p, "degrees") / TURN);
        put("RandomRotation", "random_rotation", filled(config, p));
      }
      case "translate" -> {
        boolean pixels = p.containsKey("pixels");
        range(config, HEIGHT, pixels ? number(p, "pixels") / shape.get(0) : number(p, "fraction"));
        range(config, WIDTH, pixels ? number(p, "pixels") / shape.get(1) : number(p, "fraction"));
        put("RandomTranslation", "random_translation", filled(config, p));
      }
      case "zoom" -> {
        if (p.containsKey("perAxis") && number(p, "perAxis") != 0) {
          return false;
        }
        range(config, HEIGHT, number(p, FACTOR));
        config.putNull(WIDTH);
        put("RandomZoom", "random_zoom", filled(config, p));
      }
      case "brightness" -> {
        range(config, FACTOR, number(p, "delta"));
        put("RandomBrightness", "random_brightness", ofBytes(config));
      }
      case "contrast" -> {
        config.put(FACTOR, number(p, FACTOR));
        put("RandomContrast", "random_contrast", ofBytes(config));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static double number(Map<String, Object> parameters, String key) {
    if (parameters.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw new ModelFileException(
        "the run's augmentation has %s %s, a number expected; the record of the model is damaged"
            .formatted(key, parameters.get(key)),
        null);
  }

  private static void range(ObjectNode config, String key, double value) {
    config.putArray(key).add(-value).add(value);
  }

  private static ObjectNode ofBytes(ObjectNode config) {
    config.putArray("value_range").add(0).add(WHITE);
    return config;
  }

  private static ObjectNode filled(ObjectNode config, Map<String, Object> p) {
    config.put("fill_mode", BORDERS.get(String.valueOf(p.get(Preparation.BORDER))));
    config.put("interpolation", "bilinear").put("fill_value", 0.0);
    config.put("data_format", "channels_last");
    return config;
  }
}

package cnnlab.keras.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a legacy {@code .h5} file: a group for each layer, whose attribute {@code
 * weight_names} lists its arrays in order (the arrays themselves are stored alphabetically).
 *
 * <p>Source: {@code keras/src/legacy/saving/legacy_h5_format.py}.
 */
public final class LegacyWeights implements WeightGroup {
  private static final String NAMES = "weight_names";

  private final Hdf5Tree layers;

  /**
   * @param layers the group {@code model_weights}
   */
  public LegacyWeights(Hdf5Tree layers) {
    this.layers = layers;
  }

  @Override
  public WeightGroup nested(LayerConfig model, List<LayerConfig> inner) {
    return new LegacyNestedWeights(model.name(), named(model));
  }

  @Override
  public List<WeightArray> arrays(LayerConfig layer, List<String> variables) {
    WeightGroup.requireNoLora(layer);
    Map<String, WeightArray> found = named(layer);
    if (found.size() != variables.size()) {
      throw WeightGroup.others(layer, layer.name(), found.keySet(), variables);
    }
    return List.copyOf(found.values());
  }

  /** A layer's arrays, by the names that the file lists. */
  private Map<String, WeightArray> named(LayerConfig layer) {
    Hdf5Tree group = layers.group(layer.name());
    if (group == null) {
      return Map.of();
    }
    Map<String, WeightArray> arrays = new LinkedHashMap<>();
    for (String name : names(group)) {
      WeightArray array = group.array(name);
      if (array == null || arrays.put(name, array) != null) {
        throw layer.fault(
            "model_weights lists the array '%s' %s; save the model again in Keras"
                .formatted(name, array == null ? "but does not have it" : "twice"));
      }
    }
    return arrays;
  }

  /**
   * The names; a list too long for one attribute is split into {@code weight_names0}, and so on.
   */
  private static List<String> names(Hdf5Tree group) {
    List<String> whole = group.texts().get(NAMES);
    if (whole != null) {
      return whole;
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; group.texts().containsKey(NAMES + i); i++) {
      all.addAll(group.texts().get(NAMES + i));
    }
    return all;
  }
}

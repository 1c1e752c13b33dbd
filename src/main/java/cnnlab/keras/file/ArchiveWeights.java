package cnnlab.keras.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The weights of a {@code .keras} archive. Keras names the group of a layer by its class and its
 * position among the layers of that class ({@code layers/conv2d_1/vars/0}); the layer's name is an
 * attribute of {@code vars}, which older versions did not write.
 *
 * <p>Source: {@code keras/src/saving/saving_lib.py}.
 */
public final class ArchiveWeights implements WeightGroup {
  private static final String VARIABLES = "vars";

  private static final Hdf5Tree EMPTY = new Hdf5Tree(Map.of(), Map.of(), Map.of());

  private final String path;
  private final Map<String, Hdf5Tree> groups = new HashMap<>();

  /**
   * @param path the model's group, for messages
   * @param model the model's group
   * @param layers the model's layers in the order of its configuration
   */
  public ArchiveWeights(String path, Hdf5Tree model, List<LayerConfig> layers) {
    this.path = path;
    Hdf5Tree container = model.group("layers");
    if (container == null) {
      container = model.group("_layer_checkpoint_dependencies");
    }
    if (container == null) {
      return;
    }
    for (Hdf5Tree group : container.groups().values()) {
      Hdf5Tree variables = group.group(VARIABLES);
      String name = variables == null ? null : variables.text("name");
      if (name != null && groups.put(name, group) != null) {
        throw new KerasFault(
            "%s: two groups of weights for layer '%s'; save the model again in Keras"
                .formatted(path, name));
      }
    }
    if (groups.isEmpty()) {
      byClass(container, layers);
    }
  }

  /**
   * Assigns groups to layers by class. tf.keras 2.13 counts layers of a functional model twice if
   * they have weights, because they occur twice in its list: as a layer and as a layer with
   * weights.
   */
  private void byClass(Hdf5Tree container, List<LayerConfig> layers) {
    boolean twice = countsTwice(container, layers);
    Map<String, Integer> next = new HashMap<>();
    for (LayerConfig layer : layers) {
      String name = snakeCase(layer.className());
      int count = next.getOrDefault(name, 0);
      Hdf5Tree group = container.group(count == 0 ? name : name + "_" + count);
      if (group != null) {
        groups.put(layer.name(), group);
      }
      next.put(name, count + (twice && group != null && hasArrays(group) ? 2 : 1));
    }
  }

  /**
   * Whether the number of a group exceeds the number of layers of its class, as it does only if
   * layers are counted twice.
   */
  private static boolean countsTwice(Hdf5Tree container, List<LayerConfig> layers) {
    Map<String, Integer> total = new HashMap<>();
    layers.forEach(layer -> total.merge(snakeCase(layer.className()), 1, Integer::sum));
    return total.entrySet().stream()
        .anyMatch(
            of ->
                IntStream.rangeClosed(of.getValue(), 2 * of.getValue())
                    .anyMatch(
                        i ->
                            container.group(of.getKey() + "_" + i) != null
                                && !total.containsKey(of.getKey() + "_" + i)));
  }

  private static boolean hasArrays(Hdf5Tree group) {
    return !group.arrays().isEmpty()
        || group.groups().values().stream().anyMatch(ArchiveWeights::hasArrays);
  }

  @Override
  public WeightGroup wrapped(LayerConfig wrapper) {
    Hdf5Tree group = groups.get(wrapper.name());
    Hdf5Tree inner = group == null ? null : group.group("layer");
    ArchiveWeights made = new ArchiveWeights(path, EMPTY, List.of());
    if (inner != null) {
      made.groups.put(wrapper.name(), inner);
    }
    return made;
  }

  @Override
  public WeightGroup nested(LayerConfig model, List<LayerConfig> layers) {
    Hdf5Tree group = groups.get(model.name());
    Hdf5Tree own = group == null ? EMPTY : group;
    return new ArchiveWeights(path + "/" + model.name(), own, layers);
  }

  @Override
  public List<WeightArray> arrays(LayerConfig layer, List<String> variables) {
    Hdf5Tree group = groups.get(layer.name());
    Hdf5Tree own = group == null ? null : group.group(VARIABLES);
    Map<String, WeightArray> found = own == null ? Map.of() : own.arrays();
    List<WeightArray> arrays = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      arrays.add(found.get(String.valueOf(i)));
    }
    if (found.size() != variables.size() || arrays.contains(null)) {
      throw WeightGroup.others(layer, path, found.keySet(), variables);
    }
    return arrays;
  }

  @Override
  public List<WeightArray> arrays(LayerConfig layer, List<String> parts, List<String> variables) {
    Hdf5Tree group = groups.get(layer.name());
    List<WeightArray> all = new ArrayList<>();
    for (String part : parts) {
      Hdf5Tree own = group == null ? null : group.group(part + "_dense");
      // Older versions store private attributes.
      own = own == null && group != null ? group.group("_" + part + "_dense") : own;
      ArchiveWeights made = new ArchiveWeights(path + "/" + part, EMPTY, List.of());
      if (own != null) {
        made.groups.put(layer.name(), own);
      }
      all.addAll(made.arrays(layer, variables));
    }
    return all;
  }

  /**
   * Keras' conversion of a class name to a layer name: {@code MaxPooling2D} to {@code
   * max_pooling2d}.
   */
  public static String snakeCase(String className) {
    return className
        .replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}

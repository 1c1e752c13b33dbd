package cnnlab.keras.file;

import java.util.List;

/** Finds the arrays of a model's layers. */
public sealed interface WeightGroup permits ArchiveWeights, LegacyWeights, LegacyNestedWeights {
  /**
   * The arrays of a nested model.
   *
   * @param model the nested model
   * @param layers its layers
   */
  WeightGroup nested(LayerConfig model, List<LayerConfig> layers);

  /**
   * The arrays of the layer that a wrapper such as TimeDistributed applies, under the wrapper's
   * name.
   */
  default WeightGroup wrapped(LayerConfig wrapper) {
    return this;
  }

  /**
   * The arrays of a layer.
   *
   * @param layer the layer
   * @param variables its variables, in the order in which Keras creates them
   * @return the arrays of the variables, in the same order
   * @throws KerasFault when the file does not have exactly these arrays
   */
  List<WeightArray> arrays(LayerConfig layer, List<String> variables);

  /**
   * The arrays of a layer that consists of layers.
   *
   * @param layer the layer
   * @param parts its layers, in the order in which Keras creates them
   * @param variables the variables of each part
   * @return the arrays of the variables, part by part
   * @throws KerasFault when the file does not have exactly these arrays
   */
  default List<WeightArray> arrays(LayerConfig layer, List<String> parts, List<String> variables) {
    return arrays(
        layer,
        parts.stream().flatMap(part -> variables.stream().map(v -> part + "." + v)).toList());
  }

  /** The error for arrays that do not fit the layer's configuration. */
  static KerasFault others(LayerConfig layer, String where, Object found, List<String> variables) {
    return layer.fault(
        "'%s' has the weights %s, its configuration requires %s. The weights belong to another model or are incomplete"
            .formatted(where, found, variables));
  }

  /**
   * Rejects low-rank adaptations: a legacy file stores their matrices separately from the kernel,
   * an archive adds them to it.
   */
  static void requireNoLora(LayerConfig layer) {
    if (!layer.get("lora_rank").isMissingNode()) {
      throw layer.fault(
          "it has a low-rank adaptation (LoRA, lora_rank %s), which a .h5 file stores separately from the kernel; save the model with model.save('model.keras'), which adds it"
              .formatted(layer.get("lora_rank")));
    }
  }
}

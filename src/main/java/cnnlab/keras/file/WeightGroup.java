package cnnlab.keras.file;

import java.util.List;

/** Where the arrays of a model's layers are found. */
public sealed interface WeightGroup permits ArchiveWeights, LegacyWeights, LegacyNestedWeights {
  /**
   * The arrays of a nested model.
   *
   * @param model the nested model
   * @param layers its layers
   */
  WeightGroup nested(LayerConfig model, List<LayerConfig> layers);

  /**
   * The arrays of a layer.
   *
   * @param layer the layer
   * @param variables its variables in the order in which Keras makes them
   * @return as many arrays in the same order
   * @throws KerasFault when the file does not have just these
   */
  List<WeightArray> arrays(LayerConfig layer, List<String> variables);

  /** How a fault says that a layer's arrays are not those that its configuration asks for. */
  static KerasFault others(LayerConfig layer, String where, Object found, List<String> variables) {
    return layer.fault(
        "'%s' has the weights %s, its configuration asks for %s. The weights are of another model, or incomplete"
            .formatted(where, found, variables));
  }

  /**
   * A legacy file keeps the matrices of a low-rank adaptation apart from the kernel; an archive has
   * them in it.
   */
  static void requireNoLora(LayerConfig layer) {
    if (!layer.get("lora_rank").isMissingNode()) {
      throw layer.fault(
          "it has a low-rank adaptation (LoRA, lora_rank %s), which a .h5 file keeps apart from the kernel; save the model with model.save('model.keras'), which adds it"
              .formatted(layer.get("lora_rank")));
    }
  }
}

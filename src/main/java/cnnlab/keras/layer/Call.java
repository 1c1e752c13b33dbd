package cnnlab.keras.layer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One call of a layer of a functional model. A layer that is called several times shares its
 * weights between the calls.
 *
 * @param inputs the calls whose outputs it reads
 * @param constants the arguments in their order: a constant, or null for the next of the inputs
 * @param names the names of the inputs if they were given as a dictionary, else empty
 */
record Call(List<Reference> inputs, List<JsonNode> constants, List<String> names) {

  Call(List<Reference> inputs, List<JsonNode> constants) {
    this(inputs, constants, List.of());
  }

  /**
   * An output of a call.
   *
   * @param layer the layer's name
   * @param number which of its calls, from 0
   * @param output which of the call's outputs, from 0; only nested models have several
   */
  record Reference(String layer, int number, int output) {
    Reference(String layer, int number) {
      this(layer, number, 0);
    }

    /** The call itself. */
    Reference call() {
      return new Reference(layer, number);
    }
  }

  /**
   * An input or output of a model.
   *
   * @param name the name by which it is given: that of its layer, or the key of a dictionary
   * @param tensor its value
   */
  record End(String name, Reference tensor) {}
}

package cnnlab.keras.layer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * One call of a layer of a functional model. A layer that is called several times shares its
 * weights between the calls.
 *
 * @param inputs the calls whose outputs it reads
 * @param constants the arguments in their order: a constant, or null for the next of the inputs
 */
record Call(List<Reference> inputs, List<JsonNode> constants) {

  /**
   * The output of a call.
   *
   * @param layer the layer's name
   * @param number which of its calls, from 0
   */
  record Reference(String layer, int number) {}
}

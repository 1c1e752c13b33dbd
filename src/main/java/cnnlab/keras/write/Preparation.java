package cnnlab.keras.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run does with its 8-bit images before the network: fixed transforms, random ones in
 * training, and the normalisation x · scale + offset.
 *
 * @param fixed names of fixed transforms; Keras has none of them
 * @param augmentation the random transforms, as in a configuration
 * @param scale of the normalisation
 * @param offset of the normalisation
 */
public record Preparation(
    List<String> fixed, List<Object> augmentation, double scale, double offset) {

  /** The normalisation of all image sets: 2x/255 − 1. */
  public static final double SCALE = 2 / 255.0;

  /** The normalisation of all image sets: 2x/255 − 1. */
  public static final double OFFSET = -1;

  /** The parameter of transforms, and the entry that sets it for those that follow. */
  static final String BORDER = "border";

  /** A transform: its name and its parameters. */
  record Entry(String name, Map<String, Object> parameters) {}

  /** The random transforms in their order, each with its border mode. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    String border = "zero";
    for (Object item : augmentation) {
      String name = String.valueOf(item);
      Map<String, Object> parameters = new TreeMap<>();
      if (item instanceof Map<?, ?> map && map.size() == 1) {
        Map.Entry<?, ?> only = map.entrySet().iterator().next();
        name = String.valueOf(only.getKey());
        parameters = parameters(only.getValue());
        if (name.equals(BORDER)) {
          border = String.valueOf(only.getValue());
          continue;
        }
      }
      parameters.putIfAbsent(BORDER, border);
      entries.add(new Entry(name, parameters));
    }
    return entries;
  }

  private static Map<String, Object> parameters(Object value) {
    Map<String, Object> parameters = new TreeMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> parameters.put(String.valueOf(key), each));
    }
    return parameters;
  }
}

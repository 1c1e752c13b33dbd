package cnnlab.keras.file;

import cnnlab.keras.file.TensorShape.Image;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The configuration of one layer, parsed strictly: a value that is missing, of the wrong type or
 * out of range causes a {@link KerasFault} that names the layer and the key.
 *
 * @param className its class, such as {@code "Conv2D"}
 * @param name the layer's own name
 * @param path the layer's name for messages, prefixed by the models it is nested in
 * @param values its configuration
 */
public record LayerConfig(String className, String name, String path, JsonNode values) {
  /** Upper limit on kernels, strides and paddings; larger values are rejected. */
  private static final int LARGEST = 1 << 20;

  /** A fault of this layer. */
  public KerasFault fault(String message) {
    return new KerasFault("layer '%s' (%s): %s".formatted(path, className, message));
  }

  /** A fault of a key of this layer. */
  public KerasFault fault(String key, Object found, String expected) {
    return fault(
        "%s is %s, expected %s".formatted(key, shortened(String.valueOf(found)), expected));
  }

  /** The value of a key; a missing node if it is absent or null. */
  public JsonNode get(String key) {
    JsonNode value = values.path(key);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  /** A whole number of at least 1. */
  public int positive(String key) {
    return whole(key, get(key), 1);
  }

  public int positive(String key, int byDefault) {
    return get(key).isMissingNode() ? byDefault : positive(key);
  }

  /**
   * Two whole numbers of at least 1, given as a list or as one number for both. A layer that takes
   * sequences has one, for the width; the height is then 1.
   */
  public int[] pair(String key) {
    JsonNode value = get(key);
    if (takesSequences()) {
      JsonNode only = value.isArray() && value.size() == 1 ? value.get(0) : value;
      return new int[] {1, whole(key, only, 1)};
    }
    if (value.isArray() && value.size() == 2) {
      return new int[] {whole(key, value.get(0), 1), whole(key, value.get(1), 1)};
    }
    if (value.isArray()) {
      throw fault(key, value, "two whole numbers, for height and width");
    }
    int both = whole(key, value, 1);
    return new int[] {both, both};
  }

  private int whole(String key, JsonNode value, int least) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw fault(key, text(value), "a whole number");
    }
    if (value.intValue() < least || value.intValue() > LARGEST) {
      throw fault(key, value, "a number from %d to %d".formatted(least, LARGEST));
    }
    return value.intValue();
  }

  /**
   * Four paddings (top, bottom, left, right) in the formats of Keras' ZeroPadding2D; those of
   * ZeroPadding1D are left and right.
   */
  public int[] paddings(String key) {
    JsonNode value = get(key);
    int[] four = new int[4];
    if (takesSequences()) {
      boolean two = value.isArray() && value.size() == 2;
      four[2] = whole(key, two ? value.get(0) : value, 0);
      four[3] = whole(key, two ? value.get(1) : value, 0);
      return four;
    }
    for (int axis = 0; axis < 2; axis++) {
      JsonNode own = value.isArray() && value.size() == 2 ? value.get(axis) : value;
      for (int side = 0; side < 2; side++) {
        boolean two = own.isArray() && own.size() == 2;
        four[2 * axis + side] = whole(key, two ? own.get(side) : own, 0);
      }
    }
    return four;
  }

  /** A finite number. */
  public double number(String key) {
    JsonNode value = get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw fault(key, text(value), "a number");
    }
    return value.doubleValue();
  }

  public double number(String key, double byDefault) {
    return get(key).isMissingNode() ? byDefault : number(key);
  }

  /** A number in a range. */
  public double number(String key, double byDefault, double least, double most) {
    double value = number(key, byDefault);
    if (value < least || value > most) {
      throw fault(key, value, "a number from %s to %s".formatted(least, most));
    }
    return value;
  }

  /** Numbers, given as a list or as a single number. */
  public float[] numbers(String key, double byDefault) {
    JsonNode value = get(key);
    if (!value.isArray()) {
      return new float[] {(float) number(key, byDefault)};
    }
    float[] all = new float[value.size()];
    for (int i = 0; i < all.length; i++) {
      if (!value.get(i).isNumber()) {
        throw fault(key, value, "numbers");
      }
      all[i] = value.get(i).floatValue();
    }
    return all;
  }

  /** Whole numbers, given as a list or as a single number; none if the key is missing. */
  public List<Integer> integers(String key) {
    JsonNode value = get(key);
    List<Integer> all = new ArrayList<>();
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      if (one.isMissingNode()) {
        continue;
      }
      if (!one.isIntegralNumber() || !one.canConvertToInt()) {
        throw fault(key, value, "whole numbers");
      }
      all.add(one.intValue());
    }
    return all;
  }

  public boolean flag(String key, boolean byDefault) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return byDefault;
    }
    if (!value.isBoolean()) {
      throw fault(key, text(value), "true or false");
    }
    return value.booleanValue();
  }

  /** One of a set of words. */
  public String word(String key, String byDefault, Set<String> known) {
    String value = get(key).isMissingNode() ? byDefault : get(key).asText();
    if (!known.contains(value)) {
      throw fault(key, "'" + value + "'", "one of " + known);
    }
    return value;
  }

  /** Requires the only supported value of a key. */
  public void require(String key, boolean fine, String expected) {
    if (!fine) {
      throw fault(key, text(get(key)), expected);
    }
  }

  /**
   * Requires that a key gives the axis of the channels or features; by default it is -1, the last.
   */
  public void requireChannelAxis(String key, TensorShape input) {
    List<Integer> given = integers(key);
    int rank = input.sizes().size() + 1;
    int axis = given.isEmpty() ? -1 : given.get(0);
    boolean fine = given.size() <= 1 && (axis < 0 ? axis + rank : axis) == input.channelAxis();
    int wanted = input.channelAxis();
    require(
        key,
        fine,
        wanted == rank - 1
            ? "-1, the last: the channels"
            : "%s: the channels of %s".formatted(wanted, input));
  }

  /** Whether the layer takes sequences [T, C], such as Conv1D. */
  public boolean takesSequences() {
    return className.contains("1D");
  }

  /** Whether the layer takes images [H, W, C], such as Conv2D. */
  private boolean takesImages() {
    return className.contains("2D") || className.equals("Resizing");
  }

  /** The input as an image with channels, or as a sequence; one of them if the layer takes that. */
  public Image image(TensorShape input) {
    if (input instanceof Image image
        && !image.bare()
        && !(image.sequence() ? takesImages() : takesSequences())) {
      return image;
    }
    String expected =
        takesSequences()
            ? "sequences [T, C]"
            : takesImages() ? "images [H, W, C]" : "images [H, W, C] or sequences [T, C]";
    throw fault("its input is %s, expected %s".formatted(input, expected));
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}

package cnnlab.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The type of a record component: reads it strictly from YAML and writes it back. */
sealed interface ConfigType
    permits ConfigType.AnyType,
        ConfigType.EnumType,
        ConfigType.ListType,
        ConfigType.Scalar,
        RecordType {
  /**
   * Reads a value.
   *
   * @throws ConfigException if the value is of another type or out of the type's range
   */
  Object read(ConfigValue value);

  /** The value in plain Java: null, Boolean, Number, String, List or Map. */
  Object plain(Object value);

  /** The expected values in words, such as {@code an integer}. */
  String describe();

  /** Whether {@code --set} takes the characters literally, so that no quotes are needed. */
  default boolean isText() {
    return false;
  }

  /**
   * The type of a record component.
   *
   * @throws IllegalArgumentException for an unsupported Java type: a fault of the program, not of
   *     its user
   */
  static ConfigType of(Type type) {
    if (type == Object.class) {
      return new AnyType(false);
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      return RecordType.of(c.asSubclass(Record.class));
    }
    if (type instanceof Class<?> c && c.isEnum()) {
      return new EnumType(c);
    }
    if (type instanceof Class<?> c && Scalar.NAMES.containsKey(c)) {
      return new Scalar(c);
    }
    if (type instanceof ParameterizedType p) {
      Type[] arguments = p.getActualTypeArguments();
      if (p.getRawType() == List.class) {
        return new ListType(of(arguments[0]));
      }
      if (p.getRawType() == Map.class
          && Arrays.asList(arguments).equals(List.of(String.class, Object.class))) {
        return new AnyType(true);
      }
    }
    throw new IllegalArgumentException("a configuration record cannot hold " + type.getTypeName());
  }

  /** A number, a boolean or a text; primitives may not be null. */
  record Scalar(Class<?> type) implements ConfigType {
    static final Map<Class<?>, String> NAMES =
        Map.ofEntries(
            Map.entry(int.class, "an integer"),
            Map.entry(Integer.class, "an integer"),
            Map.entry(long.class, "a 64-bit integer"),
            Map.entry(Long.class, "a 64-bit integer"),
            Map.entry(float.class, "a number"),
            Map.entry(Float.class, "a number"),
            Map.entry(double.class, "a number"),
            Map.entry(Double.class, "a number"),
            Map.entry(boolean.class, "true or false"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(String.class, "a text"));

    @Override
    public Object read(ConfigValue value) {
      Object found = value.isScalar() ? value.plain() : value;
      if (found == null && !type.isPrimitive()) {
        return null;
      }
      if (type == int.class || type == Integer.class) {
        if (found instanceof Long) {
          throw value.wrong("an integer from -2147483648 to 2147483647");
        }
        return expect(Integer.class, found, value);
      }
      if (type == long.class || type == Long.class) {
        return found instanceof Integer i
            ? (Object) i.longValue()
            : expect(Long.class, found, value);
      }
      if (type == float.class || type == Float.class) {
        Number exact = expect(Number.class, found, value);
        // A decimal from its characters: by way of double it would be rounded twice.
        float number =
            exact instanceof Double ? Float.parseFloat(value.text()) : exact.floatValue();
        if (Float.isInfinite(number)) {
          throw value.wrong("a number within the range of float");
        }
        return number;
      }
      if (type == double.class || type == Double.class) {
        return expect(Number.class, found, value).doubleValue();
      }
      return type == String.class
          ? expect(String.class, found, value)
          : expect(Boolean.class, found, value);
    }

    private <T> T expect(Class<T> expected, Object found, ConfigValue value) {
      if (!expected.isInstance(found)) {
        throw value.wrong(describe() + (isText() ? " (put it in quotes)" : ""));
      }
      return expected.cast(found);
    }

    @Override
    public Object plain(Object value) {
      return value;
    }

    @Override
    public String describe() {
      return NAMES.get(type);
    }

    @Override
    public boolean isText() {
      return type == String.class;
    }
  }

  /** One of an enum's constants by its lower-case name, or null. */
  record EnumType(Class<?> type) implements ConfigType {
    @Override
    public Object read(ConfigValue value) {
      if (value.isNull()) {
        return null;
      }
      String text = value.isScalar() ? value.text() : "";
      for (Object constant : type.getEnumConstants()) {
        if (name(constant).equals(text)) {
          return constant;
        }
      }
      String hint =
          NearestKey.of(text, names()).map(near -> "; did you mean \"" + near + "\"?").orElse("");
      throw value.wrong(describe() + hint);
    }

    @Override
    public Object plain(Object value) {
      return value == null ? null : name(value);
    }

    @Override
    public String describe() {
      return "one of " + String.join(", ", names());
    }

    @Override
    public boolean isText() {
      return true;
    }

    private List<String> names() {
      return Arrays.stream(type.getEnumConstants()).map(EnumType::name).toList();
    }

    private static String name(Object constant) {
      return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A list, replaced as a whole by a later layer, or null; its elements are not null unless they
   * are free-form.
   */
  record ListType(ConfigType element) implements ConfigType {
    @Override
    public Object read(ConfigValue value) {
      if (value.isNull()) {
        return null;
      }
      return each(value.elements(), this::readElement);
    }

    private Object readElement(Object item) {
      ConfigValue value = (ConfigValue) item;
      if (value.isNull() && !element.equals(new AnyType(false))) {
        throw value.wrong(element.describe());
      }
      return element.read(value);
    }

    @Override
    public Object plain(Object value) {
      return value == null ? null : each((List<?>) value, element::plain);
    }

    @Override
    public String describe() {
      return "a list, each element " + element.describe();
    }
  }

  /**
   * Any YAML value, or a section with any keys; for pipelines whose steps have their own
   * parameters.
   */
  record AnyType(boolean section) implements ConfigType {
    @Override
    public Object read(ConfigValue value) {
      if (section && !value.isNull()) {
        value.entries(); // fails unless it is a section
      }
      return value.plain();
    }

    @Override
    public Object plain(Object value) {
      return value;
    }

    @Override
    public String describe() {
      return section ? "a section with any keys" : "anything";
    }
  }

  private static List<Object> each(List<?> items, UnaryOperator<Object> change) {
    // Not Stream.toList or List.copyOf: free-form lists may hold nulls.
    List<Object> changed = new ArrayList<>();
    items.forEach(item -> changed.add(change.apply(item)));
    return Collections.unmodifiableList(changed);
  }
}

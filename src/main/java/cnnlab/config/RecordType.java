package cnnlab.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record as a section of the configuration: its components are the keys, in their order.
 *
 * @param type the record class
 * @param components type by component name, in the order of the record header
 */
record RecordType(Class<? extends Record> type, LinkedHashMap<String, ConfigType> components)
    implements ConfigType {
  /**
   * The type of a record class.
   *
   * @throws IllegalArgumentException for a component of an unsupported type; the message names it
   */
  static RecordType of(Class<? extends Record> type) {
    LinkedHashMap<String, ConfigType> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      try {
        components.put(component.getName(), ConfigType.of(component.getGenericType()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            type.getSimpleName() + "." + component.getName() + ": " + e.getMessage(), e);
      }
    }
    return new RecordType(type, components);
  }

  /**
   * The types of all values by dotted key, including those of nested sections but not the sections.
   */
  Map<String, ConfigType> leaves() {
    Map<String, ConfigType> leaves = new LinkedHashMap<>();
    components.forEach(
        (name, component) -> {
          if (component instanceof RecordType section) {
            section.leaves().forEach((key, leaf) -> leaves.put(name + "." + key, leaf));
          } else {
            leaves.put(name, component);
          }
        });
    return leaves;
  }

  /**
   * The record and component of a dotted key, without the package: {@code
   * Task2Config.Network.dense}.
   */
  String origin(String key) {
    int dot = key.indexOf('.');
    return dot > 0 && components.get(key.substring(0, dot)) instanceof RecordType section
        ? section.origin(key.substring(dot + 1))
        : type.getName().substring(type.getPackageName().length() + 1).replace('$', '.')
            + "."
            + key;
  }

  /** The component under a dotted key, or null. */
  ConfigType find(String key) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      return components.get(key);
    }
    return components.get(key.substring(0, dot)) instanceof RecordType section
        ? section.find(key.substring(dot + 1))
        : null;
  }

  /**
   * Reads a whole record as an element of a list. There are no defaults, so every component must be
   * given.
   */
  @Override
  public Object read(ConfigValue value) {
    Map<String, ConfigValue> entries = value.entries();
    entries.forEach(
        (name, entry) -> {
          if (!components.containsKey(name)) {
            throw entry.unknown(name, components.keySet());
          }
        });
    List<Object> arguments = new ArrayList<>();
    components.forEach(
        (name, component) -> {
          if (!entries.containsKey(name)) {
            String expected = name + " (" + component.describe() + ")";
            throw value.fail("\"" + value.key() + "\" lacks the key " + expected);
          }
          arguments.add(component.read(entries.get(name)));
        });
    try {
      return construct(arguments);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(value.where() + ": " + value.key() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Map<String, Object> plain(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    components.forEach((name, component) -> map.put(name, component.plain(get(value, name))));
    return map;
  }

  @Override
  public String describe() {
    return "a section with the keys " + String.join(", ", components.keySet());
  }

  /**
   * Calls the canonical constructor.
   *
   * @throws IllegalArgumentException if the record refuses the values, also with a
   *     NullPointerException, since {@code List.copyOf} and {@code Objects.requireNonNull} refuse
   *     empty values that way
   */
  Record construct(List<Object> arguments) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IllegalArgumentException refusal) {
        throw refusal;
      }
      if (cause instanceof NullPointerException) {
        throw new IllegalArgumentException("a value is empty (null): " + cause.getMessage(), cause);
      }
      throw new IllegalStateException("the constructor of " + type.getName() + " failed", cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    }
  }

  /** The value of a component. */
  Object get(Object instance, String component) {
    try {
      Method accessor = type.getDeclaredMethod(component);
      accessor.setAccessible(true);
      return accessor.invoke(instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + type.getName() + "." + component, e);
    }
  }
}

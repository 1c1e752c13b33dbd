package cnnlab.crosscheck.bound;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch64.kernel.ReferenceKernels;
import cnnlab.scratch64.layer.Layer;
import cnnlab.scratch64.layer.Shape;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/**
 * Converts a network to one in double precision that is computed by plain loops.
 *
 * <p>The package {@code cnnlab.scratch64} is the engine from scratch with {@code double} in place
 * of {@code float}; the build generates it from the sources of {@code cnnlab.scratch}. Weights are
 * widened exactly, so results have a relative error of about 1e-16 for each operation, 2²⁹ times
 * less than the engines' rounding errors.
 */
public final class DoubleNetwork {
  private static final String FLOAT = "cnnlab.scratch.";
  private static final String DOUBLE = "cnnlab.scratch64.";

  private DoubleNetwork() {}

  /**
   * The network with the same layers, names and parameters in double precision.
   *
   * @param network a network such as {@link cnnlab.scratch.dl4j.GraphCompiler} creates
   */
  public static cnnlab.scratch64.Network of(Network network) {
    var builder = cnnlab.scratch64.Network.builder((Shape) widen(network.inputShape()));
    for (Node node : network.nodes()) {
      String[] inputs =
          node.inputs().stream()
              .map(k -> k < 0 ? Network.INPUT : network.nodes().get(k).name())
              .toArray(String[]::new);
      builder.add(node.name(), (Layer) widen(node.layer()), inputs);
    }
    return builder.build((double[]) widen(network.parameters()), new ReferenceKernels());
  }

  /**
   * Converts numbers and arrays to {@code double}, and records, enums and lists of them to those of
   * the other package.
   */
  private static Object widen(Object value) {
    if (value instanceof Float number) {
      return number.doubleValue();
    } else if (value instanceof float[] numbers) {
      double[] wide = new double[numbers.length];
      Arrays.setAll(wide, i -> numbers[i]);
      return wide;
    } else if (value instanceof Enum<?> constant) {
      return constant(twin(constant.getDeclaringClass()), constant.name());
    } else if (value instanceof Record record) {
      return record(record);
    } else if (value instanceof List<?> list) {
      return list.stream().map(DoubleNetwork::widen).toList();
    }
    return value;
  }

  private static Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> ((Enum<?>) c).name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Object record(Record record) {
    RecordComponent[] from = record.getClass().getRecordComponents();
    Class<?> type = twin(record.getClass());
    try {
      Object[] values = new Object[from.length];
      for (int i = 0; i < from.length; i++) {
        values[i] = widen(from[i].getAccessor().invoke(record));
      }
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no double-precision copy of " + record, e);
    }
  }

  private static Class<?> twin(Class<?> type) {
    String name = type.getName();
    if (!name.startsWith(FLOAT)) {
      throw new IllegalStateException(name + " does not belong to the engine");
    }
    try {
      return Class.forName(DOUBLE + name.substring(FLOAT.length()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "%s has no double-precision copy; does its source import a library?".formatted(name), e);
    }
  }
}

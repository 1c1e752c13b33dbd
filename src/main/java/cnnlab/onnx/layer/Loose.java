package cnnlab.onnx.layer;

import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The values of a vertex in another order and shape, which no vertex has yet: what a chain of
 * {@code Reshape} and {@code Transpose} gives. {@link Layouts} computes it when an operator needs
 * it.
 *
 * @param name of the last node of the chain
 * @param from the vertex
 * @param sizes the vertex' values as an array of these sizes, without the batch
 * @param order the axes of {@code sizes} in the order of this value
 * @param dims the shape of this value, the batch first
 */
record Loose(String name, Live from, List<Integer> sizes, List<Integer> order, List<Long> dims)
    implements Value {

  /** An axis of {@code sizes}, to be split. */
  private record Factor(int size) {
    // Two of the same size are different ones.
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** The same values; the batch must come first. */
  static Loose of(Live x) {
    List<Integer> order = new ArrayList<>();
    x.axes().stream().filter(a -> a > 0).forEach(a -> order.add(a - 1));
    for (int i = 0; i < x.sizes().size(); i++) {
      if (!order.contains(i)) {
        order.add(i);
      }
    }
    return new Loose(x.vertex(), x, x.sizes(), List.copyOf(order), longs(x.shape()));
  }

  private static List<Long> longs(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  @Override
  public long[] shape() {
    return dims.stream().mapToLong(Long::longValue).toArray();
  }

  int rank() {
    return dims.size();
  }

  /** The same values in another shape of as many. */
  Loose reshaped(String node, long[] shape) {
    return new Loose(node, from, sizes, order, longs(shape));
  }

  /**
   * The values with exchanged axes.
   *
   * @param axes the axes of this value in their new order, the batch first
   * @return null when {@code sizes} cannot be split at the borders of this value's axes
   */
  Loose transposed(String node, int[] axes) {
    List<Factor> memory = new ArrayList<>();
    sizes.forEach(s -> memory.add(new Factor(s)));
    List<Factor> logical = new ArrayList<>();
    order.forEach(o -> logical.add(memory.get(o)));
    List<List<Factor>> groups = new ArrayList<>();
    int at = 0;
    for (long d : dims.subList(1, dims.size())) {
      List<Factor> group = new ArrayList<>();
      long need = d;
      while (need > 1) {
        Factor f = logical.get(at);
        if (f.size > need && f.size % need == 0) {
          List<Factor> halves = List.of(new Factor((int) need), new Factor(f.size / (int) need));
          replace(memory, f, halves);
          replace(logical, f, halves);
        } else if (need % f.size == 0) {
          group.add(f);
          need /= f.size;
          at++;
        } else {
          return null;
        }
      }
      groups.add(group);
    }
    List<Factor> turned = new ArrayList<>();
    List<Long> shape = new ArrayList<>();
    for (int axis : axes) {
      shape.add(dims.get(axis));
      if (axis > 0) {
        turned.addAll(groups.get(axis - 1));
      }
    }
    memory.removeIf(f -> f.size == 1);
    return new Loose(
        node,
        from,
        memory.stream().map(Factor::size).toList(),
        turned.stream().filter(f -> f.size != 1).map(memory::indexOf).toList(),
        List.copyOf(shape));
  }

  private static void replace(List<Factor> list, Factor f, List<Factor> by) {
    int index = list.indexOf(f);
    list.remove(index);
    list.addAll(index, by);
  }

  /** The same with as few axes as possible: those of size 1 dropped, neighbours joined. */
  Loose simple() {
    List<Integer> left = new ArrayList<>();
    List<Integer> runs = new ArrayList<>();
    for (int o : order) {
      if (sizes.get(o) == 1) {
        continue;
      }
      int last = left.isEmpty() ? o : left.get(left.size() - 1);
      if (o > last && sizes.subList(last + 1, o).stream().allMatch(s -> s == 1)) {
        runs.set(runs.size() - 1, runs.get(runs.size() - 1) * sizes.get(o));
        left.set(left.size() - 1, o);
      } else {
        runs.add(sizes.get(o));
        left.add(o);
      }
    }
    // The runs in the order of memory, which is that of the last axis of each.
    List<Integer> memory = left.stream().sorted().toList();
    List<Integer> all = new ArrayList<>();
    memory.forEach(m -> all.add(runs.get(left.indexOf(m))));
    return new Loose(name, from, all, left.stream().map(memory::indexOf).toList(), dims);
  }

  /** The number of values of one example. */
  int size() {
    return Math.toIntExact(from.size());
  }
}

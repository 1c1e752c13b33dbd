package cnnlab.onnx.read;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.NodeProto;

/** A node: an operator with its attributes and the names of its inputs and outputs. */
public final class OnnxNode {
  private final NodeProto proto;
  private final String name;
  private final int opset;
  private final TensorReader tensors;
  private final Map<String, AttributeProto> attributes = new HashMap<>();
  private final Set<String> read = new HashSet<>();

  OnnxNode(NodeProto proto, int opset, TensorReader tensors) {
    this.proto = proto;
    this.opset = opset;
    this.tensors = tensors;
    this.name =
        !proto.getName().isEmpty()
            ? proto.getName()
            : proto.getOutputCount() > 0 ? proto.getOutput(0) : "";
    for (AttributeProto attribute : proto.getAttributeList()) {
      if (attributes.put(attribute.getName(), attribute) != null) {
        throw fault("two attributes have the name '%s'".formatted(attribute.getName()));
      }
    }
  }

  /** Its name, or that of its first output if it has none. */
  public String name() {
    return name;
  }

  /** The operator, such as {@code Conv}. */
  public String operator() {
    return proto.getOpType();
  }

  /** The operator set that the model was written for; it decides what some operators do. */
  public int opset() {
    return opset;
  }

  /** The domain of the operator; empty for ONNX's own. */
  String domain() {
    return proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
  }

  /** The names of the inputs; an empty one is left out. */
  public List<String> inputs() {
    return proto.getInputList();
  }

  /** The names of the outputs. */
  public List<String> outputs() {
    return proto.getOutputList();
  }

  /** The name of the first output. */
  public String output() {
    return proto.getOutput(0);
  }

  /** A fault of this node. */
  public OnnxFault fault(String what) {
    return new OnnxFault("node '%s' (%s): %s".formatted(name, operator(), what));
  }

  /** A fault of an attribute. */
  public OnnxFault fault(String attribute, Object found, String expected) {
    return fault("%s is %s; expected %s".formatted(attribute, found, expected));
  }

  /** Whether the attribute is given. */
  public boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  /** An integer. */
  public long integer(String attribute, long otherwise) {
    AttributeProto a = get(attribute, AttributeType.INT);
    return a == null ? otherwise : a.getI();
  }

  /** An integer that is 0 or 1. */
  public boolean flag(String attribute, boolean otherwise) {
    long value = integer(attribute, otherwise ? 1 : 0);
    if (value != 0 && value != 1) {
      throw fault(attribute, value, "0 or 1");
    }
    return value == 1;
  }

  /** A finite number. */
  public double number(String attribute, double otherwise) {
    AttributeProto a = get(attribute, AttributeType.FLOAT);
    if (a == null) {
      return otherwise;
    }
    if (!Float.isFinite(a.getF())) {
      throw fault(attribute, a.getF(), "a finite number");
    }
    return a.getF();
  }

  /** A word. */
  public String text(String attribute, String otherwise) {
    AttributeProto a = get(attribute, AttributeType.STRING);
    return a == null ? otherwise : a.getS().toStringUtf8();
  }

  /** Integers, or null when the attribute is not given. */
  public long[] integers(String attribute) {
    AttributeProto a = get(attribute, AttributeType.INTS);
    return a == null ? null : a.getIntsList().stream().mapToLong(Long::longValue).toArray();
  }

  /** Numbers, or null when the attribute is not given. */
  float[] numbers(String attribute) {
    AttributeProto a = get(attribute, AttributeType.FLOATS);
    if (a == null) {
      return null;
    }
    float[] values = new float[a.getFloatsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = a.getFloats(i);
    }
    return values;
  }

  /** A tensor, or null when the attribute is not given. */
  Tensor tensor(String attribute) {
    AttributeProto a = get(attribute, AttributeType.TENSOR);
    return a == null
        ? null
        : tensors.read("node '%s' (%s): %s".formatted(name, operator(), attribute), a.getT());
  }

  private AttributeProto get(String attribute, AttributeType type) {
    read.add(attribute);
    AttributeProto a = attributes.get(attribute);
    if (a != null && a.getType() != type) {
      throw fault(
          "the attribute %s is of type %s; expected %s".formatted(attribute, a.getType(), type));
    }
    return a;
  }

  /** Marks an attribute as one that changes nothing here. */
  public void ignore(String attribute) {
    read.add(attribute);
  }

  /**
   * The same node for inputs that have one more axis in front: attributes that number axes are one
   * higher. It reads the attributes in place of this node.
   *
   * @param byDefault the axis if the attribute is not given, or −1 if that is the last
   */
  public OnnxNode withLeadingAxis(int byDefault) {
    read.addAll(attributes.keySet());
    NodeProto.Builder made = proto.toBuilder().clearAttribute();
    boolean given = attributes.containsKey("axis");
    if (!given && byDefault >= 0) {
      made.addAttribute(
          AttributeProto.newBuilder()
              .setName("axis")
              .setType(AttributeType.INT)
              .setI(byDefault + 1L));
    }
    for (AttributeProto attribute : proto.getAttributeList()) {
      AttributeProto.Builder changed = attribute.toBuilder();
      switch (attribute.getName()) {
        case "axis" -> changed.setI(shifted(attribute.getI()));
        case "axes" -> {
          for (int i = 0; i < attribute.getIntsCount(); i++) {
            changed.setInts(i, shifted(attribute.getInts(i)));
          }
        }
        case "perm" -> {
          changed.clearInts().addInts(0);
          attribute.getIntsList().forEach(axis -> changed.addInts(axis + 1));
        }
        default -> {
          // It numbers no axes.
        }
      }
      made.addAttribute(changed);
    }
    return new OnnxNode(made.build(), opset, tensors);
  }

  private static long shifted(long axis) {
    return axis < 0 ? axis : axis + 1;
  }

  /**
   * Requires that every attribute was read, so that none is silently ignored.
   *
   * @throws OnnxFault when one was not
   */
  public void requireAllRead() {
    Set<String> left = new TreeSet<>(attributes.keySet());
    left.removeAll(read);
    if (!left.isEmpty()) {
      throw fault("the attributes %s are not supported".formatted(left));
    }
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(name, operator());
  }
}

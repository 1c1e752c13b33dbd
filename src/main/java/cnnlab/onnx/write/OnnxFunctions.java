package cnnlab.onnx.write;

import cnnlab.scratch.layer.Activation;
import java.util.List;

/** Activations as ONNX operators of opset 18. */
final class OnnxFunctions {
  private static final float SQRT_HALF = (float) Math.sqrt(0.5);
  private static final float SQRT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_CUBIC = 0.044715f;
  private static final float GELU_LOGISTIC = 1.702f;

  private final OnnxNodes nodes;
  private final String name;

  private OnnxFunctions(OnnxNodes nodes, String name) {
    this.nodes = nodes;
    this.name = name;
  }

  /**
   * Adds an activation.
   *
   * @param name of the node that gives the result
   * @param x the input
   * @return the result
   */
  static String add(OnnxNodes nodes, String name, Activation f, String x) {
    return new OnnxFunctions(nodes, name).add(f, x);
  }

  private String add(Activation f, String x) {
    return switch (f.kind()) {
      case LINEAR -> x;
      case RELU -> one("Relu", x);
      case LEAKY_RELU ->
          nodes.add("LeakyRelu", name, List.of(x), OnnxNodes.decimal("alpha", f.alpha()));
      case GENERAL_RELU -> relu(f, x);
      case ELU -> nodes.add("Elu", name, List.of(x), OnnxNodes.decimal("alpha", f.alpha()));
      case SELU -> one("Selu", x);
      case GELU -> halfTimes(x, plusOne(inner("Erf", times(x, "scaled", SQRT_HALF))));
      case GELU_TANH -> halfTimes(x, plusOne(inner("Tanh", geluInner(x))));
      case GELU_SIGMOID -> two("Mul", x, inner("Sigmoid", times(x, "scaled", GELU_LOGISTIC)));
      case SIGMOID -> one("Sigmoid", x);
      case LOG_SIGMOID -> one("Neg", inner("Softplus", inner("Neg", x)));
      case HARD_SIGMOID ->
          nodes.add(
              "HardSigmoid",
              name,
              List.of(x),
              OnnxNodes.decimal("alpha", f.alpha()),
              OnnxNodes.decimal("beta", 0.5f));
      case TANH -> one("Tanh", x);
      case HARD_TANH -> clip(x, -1, 1);
      case SILU -> two("Mul", x, inner("Sigmoid", x));
      case HARD_SILU -> one("HardSwish", x);
      case SOFTPLUS -> one("Softplus", x);
      case SOFTSIGN -> one("Softsign", x);
      case MISH -> two("Mul", x, inner("Tanh", inner("Softplus", x)));
      case EXPONENTIAL -> one("Exp", x);
    };
  }

  private String one(String operator, String x) {
    return nodes.add(operator, name, List.of(x));
  }

  private String two(String operator, String a, String b) {
    return nodes.add(operator, name, List.of(a, b));
  }

  /** An operator whose result is not the activation's. */
  private String inner(String operator, String x) {
    return nodes.add(
        operator, name + "/" + operator.toLowerCase(java.util.Locale.ROOT), List.of(x));
  }

  private String times(String x, String what, float factor) {
    return nodes.add("Mul", name + "/" + what, List.of(x, nodes.number(name + "." + what, factor)));
  }

  private String plusOne(String x) {
    return nodes.add("Add", name + "/plus", List.of(x, nodes.number(name + ".one", 1)));
  }

  /** x · y · ½, in the order in which PyTorch writes GELU. */
  private String halfTimes(String x, String y) {
    String product = nodes.add("Mul", name + "/product", List.of(x, y));
    return two("Mul", product, nodes.number(name + ".half", 0.5f));
  }

  /** √(2/π) · (x + 0.044715·x³). */
  private String geluInner(String x) {
    String square = nodes.add("Mul", name + "/square", List.of(x, x));
    String cube = nodes.add("Mul", name + "/cube", List.of(square, x));
    String sum = nodes.add("Add", name + "/sum", List.of(x, times(cube, "cubic", GELU_CUBIC)));
    return times(sum, "scaled", SQRT_2_OVER_PI);
  }

  private String clip(String x, float least, float most) {
    return nodes.add(
        "Clip",
        name,
        List.of(x, nodes.number(name + ".least", least), nodes.number(name + ".most", most)));
  }

  /** min(x, max) for x &gt; threshold, alpha·(x − threshold) otherwise. */
  private String relu(Activation f, String x) {
    boolean limited = !Float.isInfinite(f.max());
    if (f.alpha() == 0 && f.threshold() == 0) {
      return limited ? clip(x, 0, f.max()) : one("Relu", x);
    }
    String threshold = nodes.number(name + ".threshold", f.threshold());
    String high =
        limited
            ? nodes.add("Min", name + "/min", List.of(x, nodes.number(name + ".max", f.max())))
            : x;
    String above = nodes.add("Greater", name + "/above", List.of(x, threshold));
    String moved = nodes.add("Sub", name + "/moved", List.of(x, threshold));
    String low = times(moved, "low", f.alpha());
    return nodes.add("Where", name, List.of(above, high, low));
  }
}

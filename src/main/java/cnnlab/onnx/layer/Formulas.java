package cnnlab.onnx.layer;

import cnnlab.model.layer.GeluExact;
import cnnlab.model.layer.LogSigmoid;
import cnnlab.model.layer.Softplus;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;

/**
 * Activations that exporters write as several operators:
 *
 * <pre>
 *   GELU          x · ½ · (1 + erf(x / √2)), with the factors in any order
 *   Softsign      x / (|x| + 1)
 *   LogSigmoid    log(sigmoid(x))
 *   Softplus      x &gt; threshold ? x : softplus(x), which differs from softplus(x) by rounding
 * </pre>
 */
final class Formulas {
  /** Operators that are known only as parts of formulas. */
  private static final Set<String> PARTS = Set.of("Erf", "Abs", "Log", "Greater", "Sqrt");

  /** Operators that may continue a formula. */
  private static final Set<String> STEPS = Set.of("Add", "Mul", "Div", "Where");

  private static final int MOST_FACTORS = 8;
  private static final double SAME = 1e-6;

  /** Above it, softplus(x) − x is below the rounding of 32-bit floats. */
  private static final double LARGE = 17;

  private Formulas() {}

  /**
   * Whether a node is or may be a part of a formula: then {@link #next} is to be asked, and not the
   * operator.
   */
  static boolean concerns(OnnxNode node, List<Value> inputs) {
    return PARTS.contains(node.operator())
        || STEPS.contains(node.operator()) && inputs.stream().anyMatch(Pending.class::isInstance);
  }

  /**
   * The value of a node in a formula: the activation if the formula is complete, else a pending
   * part.
   *
   * @throws OnnxFault when it cannot be part of a known formula
   */
  static Value next(OnnxNode node, List<Value> inputs, Assembly graph) {
    Pending made = new Pending(node, inputs, like(inputs));
    return switch (node.operator()) {
      case "Log" -> logSigmoid(made, graph);
      case "Div" -> softsign(made, graph);
      case "Where" -> softplus(made, graph);
      case "Mul" -> gelu(made, graph);
      default -> made;
    };
  }

  private static Live like(List<Value> inputs) {
    for (Value value : inputs) {
      if (value instanceof Live live) {
        return live;
      }
      if (value instanceof Pending p) {
        return p.like();
      }
    }
    throw new IllegalArgumentException("only constants");
  }

  /** The fault of a formula that is not known. */
  static OnnxFault fault(Pending formula) {
    return formula
        .first()
        .fault(
            "this operator is supported only as a part of GELU, Softsign, LogSigmoid or Softplus, and what follows is none of them");
  }

  private static Value logSigmoid(Pending made, Assembly graph) {
    Live sigmoid = made.inputs().get(0) instanceof Live live ? live : null;
    Live x = sigmoid == null ? null : graph.argument(sigmoid, ActivationSigmoid.class);
    if (x == null) {
      throw fault(made);
    }
    return activation(made, graph, new LogSigmoid(), x);
  }

  private static Value softsign(Pending made, Assembly graph) {
    Pending abs = onePlus(made.inputs().get(1), "Abs");
    if (abs != null && made.inputs().get(0) instanceof Live x && x.equals(abs.inputs().get(0))) {
      return activation(made, graph, new ActivationSoftSign(), x);
    }
    throw fault(made);
  }

  private static Value softplus(Pending made, Assembly graph) {
    if (made.inputs().get(0) instanceof Pending greater
        && greater.node().operator().equals("Greater")
        && greater.inputs().get(0) instanceof Live x
        && number(greater.inputs().get(1)) >= LARGE
        && x.equals(made.inputs().get(1))
        && made.inputs().get(2) instanceof Live softplus
        && x.equals(graph.argument(softplus, Softplus.class))) {
      return softplus;
    }
    throw fault(made);
  }

  private static Value gelu(Pending made, Assembly graph) {
    List<Value> factors = new ArrayList<>();
    double constant = factors(made, factors);
    Live x = null;
    Pending erf = null;
    for (Value f : factors) {
      Pending part = onePlus(f, "Erf");
      if (f instanceof Live live && x == null) {
        x = live;
      } else if (part != null && erf == null) {
        erf = part;
      } else {
        throw fault(made);
      }
    }
    boolean complete = x != null && erf != null && Math.abs(constant - 0.5) < SAME;
    if (!complete) {
      return made;
    }
    Live scaled = erf.inputs().get(0) instanceof Live live ? live : null;
    if (scaled == null || !graph.isScaled(scaled, x, Math.sqrt(0.5), SAME)) {
      throw fault(made);
    }
    return activation(made, graph, new GeluExact(), x);
  }

  /** Takes a product apart and returns its constant factor; NaN if there are too many factors. */
  private static double factors(Value value, List<Value> factors) {
    double constant = number(value);
    if (!Double.isNaN(constant)) {
      return constant;
    }
    if (value instanceof Pending p
        && p.node().operator().equals("Mul")
        && factors.size() < MOST_FACTORS) {
      return factors(p.inputs().get(0), factors) * factors(p.inputs().get(1), factors);
    }
    factors.add(value);
    return 1;
  }

  /** The part p of a pending p + 1 with the given operator, or null. */
  private static Pending onePlus(Value value, String operator) {
    if (!(value instanceof Pending add) || !add.node().operator().equals("Add")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      if (add.inputs().get(i) instanceof Pending p
          && p.node().operator().equals(operator)
          && number(add.inputs().get(1 - i)) == 1) {
        return p;
      }
    }
    return null;
  }

  /** The value of a constant of one number, else NaN. */
  private static double number(Value value) {
    return value instanceof Tensor t && t.size() == 1 ? t.at(0) : Double.NaN;
  }

  private static Live activation(Pending made, Assembly graph, IActivation f, Live x) {
    return graph.activation(made.node().name(), f, x);
  }
}

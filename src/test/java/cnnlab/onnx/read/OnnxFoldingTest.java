package cnnlab.onnx.read;

import cnnlab.onnx.NodeModels;
import cnnlab.scratch.OnnxCase;
import cnnlab.scratch.OnnxCases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The ONNX project's tests of operators that are computed while reading, because they depend on
 * constants alone: all inputs are initialisers. {@code onnx/folded.txt} lists which are computed as
 * ONNX expects, and why others are not.
 */
class OnnxFoldingTest {
  private static final double TOLERANCE = 1e-6;

  @Test
  void constantsAreComputedAsOnnxExpects() throws IOException {
    OnnxCases.check("folded", Folding.names(), c -> c.expandedFrom() == null, OnnxFoldingTest::run);
  }

  /** Null when it ran. */
  private static String run(OnnxCase c, List<String> wrong) {
    for (List<OnnxCase.Tensor> tensors : List.of(c.inputs(), c.outputs())) {
      for (OnnxCase.Tensor t : tensors) {
        if (t.values() == null) {
          return "more than 4,096 values";
        }
        if (!t.type().isEmpty()
            && !t.type().matches("float32|int(8|16|32|64)|uint(8|16|32)|bool")) {
          return "numbers of a type that is not kept";
        }
      }
    }
    try {
      OnnxGraph graph = OnnxGraph.of(NodeModels.constants(c), null);
      OnnxNode node = graph.nodes().get(0);
      List<Tensor> in = new ArrayList<>();
      node.inputs().forEach(name -> in.add(name.isEmpty() ? null : graph.initialiser(name)));
      List<Tensor> found = Folding.computeAll(node, in);
      node.requireAllRead();
      for (int k = 0; k < Math.min(found.size(), c.outputs().size()); k++) {
        compare(c, c.output(k), found.get(k), wrong);
      }
      return null;
    } catch (OnnxFault e) {
      return e.getMessage().replaceAll(" \\[.*", " …");
    }
  }

  private static void compare(
      OnnxCase c, OnnxCase.Tensor expected, Tensor found, List<String> wrong) {
    boolean same =
        Arrays.equals(
                found.shape(), expected.shape().stream().mapToLong(Integer::longValue).toArray())
            && found.isReal() == expected.type().startsWith("float")
            && OnnxCases.same(expected.values(), found.floats(), TOLERANCE);
    if (!same) {
      wrong.add(
          "%s: %s %s, expected %s %s"
              .formatted(
                  c.name(),
                  found,
                  OnnxCases.first(found.floats()),
                  expected.shape(),
                  OnnxCases.first(expected.values())));
    }
  }
}

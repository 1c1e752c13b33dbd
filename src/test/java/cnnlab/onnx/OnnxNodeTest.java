package cnnlab.onnx;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.model.GraphEnds;
import cnnlab.model.file.ModelFileException;
import cnnlab.onnx.layer.Operators;
import cnnlab.scratch.OnnxCase;
import cnnlab.scratch.OnnxCases;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ONNX project's tests of its operators, read as files of one node: the first input is the
 * model's, the others are initialisers, or all are parts of the model's input. A test without an
 * axis for a batch gets one in front, and its axes count from there. Both engines give what ONNX
 * expects, or the file is refused; {@code onnx/read.txt} lists which, and why.
 */
class OnnxNodeTest {
  private static final double TOLERANCE = 1e-5;

  /** Its expected means have four decimals only; this case has ONNX's own tolerance. */
  private static final String FOUR_DECIMALS = "test_averagepool_2d_ceil_last_window_starts_on_pad";

  private static final double ONNX_TOLERANCE = 1e-3;

  @TempDir private Path folder;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @Test
  void nodesComputeWhatOnnxExpects() throws IOException {
    OnnxCases.check("read", Operators.names(), c -> true, this::run);
  }

  /** Null when it ran. */
  private String run(OnnxCase c, List<String> wrong) throws IOException {
    if (c.expandedFrom() != null) {
      return "the case it expands, with the same data, is there";
    }
    if (c.inputs().isEmpty()) {
      return "it has no input";
    }
    if (Stream.concat(c.inputs().stream(), Stream.of(c.output(0)))
        .anyMatch(t -> t.values() == null)) {
      return "more than 4,096 values";
    }
    if (!c.input(0).type().equals("float32") && !NodeModel.COPIES.contains(c.operator())) {
      return "the input is no float32";
    }
    String reason = null;
    for (NodeModel.Form form : NodeModel.Form.values()) {
      String refused = null;
      boolean tried = false;
      int outputs = c.operator().equals("Split") ? c.outputs().size() : 1;
      for (int k = 0; k < outputs && refused == null; k++) {
        NodeModel model = NodeModel.of(c, form, k);
        tried = model != null;
        refused = tried ? run(c, model, c.output(k).values(), wrong) : "";
      }
      if (tried && refused == null) {
        return null;
      }
      reason = reason == null && tried ? refused : reason;
    }
    return reason == null ? "it has no axis for a batch" : reason;
  }

  private String run(OnnxCase c, NodeModel made, float[] expected, List<String> wrong)
      throws IOException {
    Path file = folder.resolve("case.onnx");
    Files.write(file, made.bytes());
    LoadedModel model;
    try {
      model = ModelLoader.open(file);
    } catch (ModelFileException e) {
      return e.getMessage()
          .substring(file.toString().length() + 2)
          .replace("node 'raw'", "node 'y'")
          .replaceAll(" \\[.*", " …");
    }
    int n = made.examples();
    float[] x = model.input().channelsFirst(made.input(), n);
    float[] wanted = model.output().channelsFirst(expected, n);
    Shape s = model.input().shape();
    var input = GraphEnds.input(model.graph(), x, n, s.channels(), s.height(), s.width());
    check(c, "DL4J", wanted, model.graph().outputSingle(input).dup('c').data().asFloat(), wrong);
    float[] ours =
        GraphCompiler.compile(model.graph(), s, Kernels.best())
            .predict(model.input().channelsFirst(made.input(), n), n);
    check(c, "from scratch", wanted, ours, wrong);
    return null;
  }

  private static void check(
      OnnxCase c, String engine, float[] expected, float[] found, List<String> wrong) {
    double tolerance = c.name().equals(FOUR_DECIMALS) ? ONNX_TOLERANCE : TOLERANCE;
    if (!OnnxCases.same(expected, found, tolerance)) {
      wrong.add(
          "%s, %s: %s, expected %s"
              .formatted(c.name(), engine, OnnxCases.first(found), OnnxCases.first(expected)));
    }
  }
}

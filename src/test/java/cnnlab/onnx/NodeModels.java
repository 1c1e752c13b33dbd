package cnnlab.onnx;

import cnnlab.scratch.OnnxCase;
import java.util.ArrayList;
import java.util.List;
import onnx.Onnx.AttributeProto;

/** ONNX's tests as models for tests of other packages. */
public final class NodeModels {
  private static final int OPSET = 22;

  private NodeModels() {}

  /** A model of one node whose inputs are all constants. */
  public static byte[] constants(OnnxCase c) {
    List<AttributeProto> attributes = new ArrayList<>();
    c.attributes().properties().forEach(e -> attributes.add(NodeModel.attribute(e)));
    return Protos.model(
        OPSET,
        List.of(1, 1),
        g -> {
          List<String> names = new ArrayList<>();
          for (int i = 0; i < c.inputs().size(); i++) {
            OnnxCase.Tensor t = c.input(i);
            names.add(t.type().isEmpty() ? "" : "i" + i);
            if (!t.type().isEmpty()) {
              g.addInitializer(NodeModel.initialiser("i" + i, t));
            }
          }
          var node =
              Protos.node(c.operator(), "y", names, attributes.toArray(AttributeProto[]::new))
                  .toBuilder();
          for (int k = 1; k < c.outputs().size(); k++) {
            node.addOutput("y" + k);
          }
          g.addNode(node);
        });
  }
}

package cnnlab.onnx.read;

import java.io.IOException;
import java.util.Map;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.WireFormat;

/**
 * Walks through the messages of a file before it is parsed, and counts their fields: a few bytes of
 * an empty message become a large object, so that a small file could fill the memory. Also finds
 * what the parser's older definition of ONNX does not know.
 *
 * <p>Source of the field numbers: <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class WireScan {
  /** The messages of a model that have others inside. */
  private enum Message {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR,
    /** A message of small ones: a shape, a pair of strings. */
    SMALL
  }

  private static final Map<Message, Map<Integer, Message>> INNER =
      Map.of(
          Message.MODEL,
          Map.of(7, Message.GRAPH, 8, Message.SMALL, 14, Message.SMALL),
          Message.GRAPH,
          Map.of(
              1, Message.NODE,
              5, Message.TENSOR,
              11, Message.SMALL,
              12, Message.SMALL,
              13, Message.SMALL,
              14, Message.SMALL),
          Message.NODE,
          Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
          Map.of(5, Message.TENSOR, 10, Message.TENSOR),
          Message.TENSOR,
          Map.of(13, Message.SMALL));

  private static final Map<Message, Map<Integer, String>> REFUSED =
      Map.of(
          Message.MODEL,
          Map.of(
              20, "information for training",
              25, "functions of its own; export it with their bodies inlined (onnx.inliner)"),
          Message.GRAPH,
          Map.of(15, "sparse initialisers"),
          Message.ATTRIBUTE,
          Map.of(
              6, "a graph inside a node (If, Loop, Scan)",
              11, "graphs inside a node",
              22, "a sparse tensor",
              23, "sparse tensors"));

  /** Bytes of a small message for each object that it becomes, about. */
  private static final int BYTES_EACH = 4;

  private long fields;

  private WireScan() {}

  /**
   * @param model the bytes of a file
   * @throws OnnxFault when it has too many fields, or something that is not supported
   * @throws IOException when it is not a protocol buffer
   */
  static void check(byte[] model) throws IOException {
    new WireScan().message(CodedInputStream.newInstance(model), Message.MODEL);
  }

  private void message(CodedInputStream in, Message kind) throws IOException {
    Map<Integer, Message> inner = INNER.getOrDefault(kind, Map.of());
    Map<Integer, String> refused = REFUSED.getOrDefault(kind, Map.of());
    while (!in.isAtEnd()) {
      int tag = in.readTag();
      int field = WireFormat.getTagFieldNumber(tag);
      boolean nested = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      count(1);
      if (refused.containsKey(field)) {
        throw new OnnxFault("has " + refused.get(field) + "; this is not supported");
      }
      if (!nested) {
        // A value of its own; for a group, which ONNX does not use, all that is in it.
        int before = in.getTotalBytesRead();
        in.skipField(tag);
        count((in.getTotalBytesRead() - before) / 16);
        continue;
      }
      int length = in.readRawVarint32();
      Message next = inner.get(field);
      if (next == null) {
        in.skipRawBytes(length);
      } else if (next == Message.SMALL) {
        count(length / BYTES_EACH);
        in.skipRawBytes(length);
      } else {
        int limit = in.pushLimit(length);
        message(in, next);
        in.popLimit(limit);
      }
    }
  }

  private void count(int more) {
    fields += more;
    if (fields > Limits.FIELDS) {
      throw new OnnxFault(
          "more than %,d fields of nodes, attributes and shapes; a network has far fewer"
              .formatted(Limits.FIELDS));
    }
  }
}

package cnnlab.scratch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * One ONNX backend node test: a single operator with its attributes, inputs and the outputs they
 * must give; see {@code onnx/README.md} in the test resources.
 *
 * @param operator ONNX's name of it
 * @param name unique
 * @param expandedFrom the case whose data this one has, with the operator spelled out in others;
 *     null for all others. Such a case has nothing else here
 * @param attributes an object; what is not in it has ONNX's default
 * @param inputs in ONNX's order
 * @param outputs in ONNX's order
 */
public record OnnxCase(
    String operator,
    String name,
    String expandedFrom,
    JsonNode attributes,
    List<Tensor> inputs,
    List<Tensor> outputs) {

  /**
   * A tensor.
   *
   * @param type numpy's name, float32 for most
   * @param shape its dimensions
   * @param values row-major; null where the tensor was too large to keep
   */
  public record Tensor(String type, List<Integer> shape, float[] values) {

    public int rank() {
      return shape.size();
    }

    /** The product of the dimensions {@code from} (inclusive) to {@code to} (exclusive). */
    public int size(int from, int to) {
      return shape.subList(from, to).stream().reduce(1, Math::multiplyExact);
    }

    public int size() {
      return size(0, rank());
    }
  }

  /** All cases of one operator. */
  public static List<OnnxCase> of(String operator) {
    String file = "/onnx/" + operator.toLowerCase(Locale.ROOT) + ".json";
    try (InputStream in = OnnxCase.class.getResourceAsStream(file)) {
      JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in, file));
      List<OnnxCase> cases = new ArrayList<>();
      for (JsonNode c : root.required("cases")) {
        cases.add(
            new OnnxCase(
                operator,
                c.required("name").asText(),
                null,
                c.required("attributes"),
                tensors(c.required("inputs")),
                tensors(c.required("outputs"))));
      }
      for (JsonNode c : root.required("expanded")) {
        cases.add(
            new OnnxCase(
                operator,
                c.required("name").asText(),
                c.required("of").asText(),
                null,
                List.of(),
                List.of()));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static List<Tensor> tensors(JsonNode list) {
    List<Tensor> tensors = new ArrayList<>();
    list.forEach(t -> tensors.add(tensor(t)));
    return tensors;
  }

  /** A tensor in JSON. */
  public static Tensor tensor(JsonNode t) {
    JsonNode values = t.required("values");
    float[] v = values.isNull() ? null : new float[values.size()];
    for (int i = 0; v != null && i < v.length; i++) {
      v[i] =
          values.get(i).isBoolean()
              ? (values.get(i).asBoolean() ? 1 : 0)
              : values.get(i).floatValue();
    }
    return new Tensor(t.required("type").asText(), ints(t.required("shape")), v);
  }

  private static List<Integer> ints(JsonNode list) {
    return IntStream.range(0, list.size()).mapToObj(i -> list.get(i).intValue()).toList();
  }

  public Tensor input(int k) {
    return inputs.get(k);
  }

  public Tensor output(int k) {
    return outputs.get(k);
  }

  /** Rows and columns, or only columns: the dimensions behind N and C. */
  public int spatialRank() {
    return input(0).rank() - 2;
  }

  public int number(String attribute, int otherwise) {
    return attributes.path(attribute).asInt(otherwise);
  }

  public double number(String attribute, double otherwise) {
    return attributes.path(attribute).asDouble(otherwise);
  }

  public boolean flag(String attribute) {
    return number(attribute, 0) == 1;
  }

  public String text(String attribute, String otherwise) {
    return attributes.path(attribute).asText(otherwise);
  }

  /** A list with one number for each of {@code count}, or {@code otherwise} for all of them. */
  public List<Integer> numbers(String attribute, int count, int otherwise) {
    JsonNode list = attributes.path(attribute);
    return list.isMissingNode()
        ? IntStream.range(0, count).mapToObj(i -> otherwise).toList()
        : ints(list);
  }

  @Override
  public String toString() {
    return name;
  }
}

package cnnlab.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The networks that are measured. */
class BenchModelTest {
  @Test
  void task2BestIsTheExperiments() throws IOException {
    JsonNode config = config("task2-best");
    JsonNode network = config.get("network");
    assertThat(NamedModel.TASK2_SHAPE.blocks()).isEqualTo(blocks(network.get("blocks")));
    assertThat(NamedModel.TASK2_SHAPE.batchNorm()).isEqualTo(network.get("batchNorm").asBoolean());
    assertThat(NamedModel.TASK2_SHAPE.poolLast()).isEqualTo(network.get("poolLast").asBoolean());
    assertThat(NamedModel.TASK2_SHAPE.dense()).isEqualTo(network.get("dense").asInt());
    assertThat(NamedModel.TASK2_SHAPE.dropout()).isEqualTo(network.get("dropout").asDouble());
    assertThat(NamedModel.TASK2_BEST.averageDecay())
        .isEqualTo(config.get("averageDecay").asDouble());
    assertThat(BenchModel.open("task2-best").network(new ReferenceKernels()).parameters().length)
        .isEqualTo(
            BenchModel.open("results/reference/task2-best")
                .network(new ReferenceKernels())
                .parameters()
                .length);
  }

  @Test
  void task3BestIsTheExperiments() throws IOException {
    JsonNode config = config("task3-best");
    JsonNode network = config.get("network");
    assertThat(NamedModel.TASK3_SHAPE.widths()).isEqualTo(numbers(network.get("widths")));
    assertThat(NamedModel.TASK3_SHAPE.blocks()).isEqualTo(network.get("blocks").asInt());
    assertThat(NamedModel.TASK3_SHAPE.pooledStem())
        .isEqualTo(network.get("pooledStem").asBoolean());
    assertThat(NamedModel.TASK3_SHAPE.dropout()).isEqualTo(network.get("dropout").asDouble());
    assertThat(NamedModel.TASK3_BEST.averageDecay())
        .isEqualTo(config.get("averageDecay").asDouble());
  }

  private static JsonNode config(String experiment) throws IOException {
    return new YAMLMapper().readTree(Path.of("experiments", experiment + ".yaml").toFile());
  }

  private static List<List<Integer>> blocks(JsonNode node) {
    List<List<Integer>> all = new ArrayList<>();
    node.forEach(block -> all.add(numbers(block)));
    return all;
  }

  private static List<Integer> numbers(JsonNode node) {
    List<Integer> all = new ArrayList<>();
    node.forEach(number -> all.add(number.asInt()));
    return all;
  }

  @Test
  void countsMultiplicationsOfAllConvolutions() {
    Window window = Window.square(3, 2, Padding.SAME);
    // [4, 8, 8] to [6, 4, 4], each value of 4·3·3 products.
    assertThat(work(new Conv2d(4, 6, window, true, false), new Shape(4, 8, 8)))
        .isEqualTo(new LayerWork(6 * 16 * 36, 4 * 64 + 6 * 16, 6 * 36 + 6));
    assertThat(work(new DepthwiseConv2d(4, 2, window, false, false), new Shape(4, 8, 8)))
        .isEqualTo(new LayerWork(8 * 16 * 9, 4 * 64 + 8 * 16, 8 * 9));
    Window valid = Window.square(2, 2, Padding.VALID);
    // Each of 4·64 inputs is multiplied by 6·2·2 weights.
    assertThat(work(new TransposedConv2d(4, 6, valid, false), new Shape(4, 8, 8)))
        .isEqualTo(new LayerWork(4 * 64 * 24, 4 * 64 + 6 * 256, 4 * 24));
    // [8·2, 4, 4] to [8·3, 4, 4] by 3x3.
    assertThat(
            work(new GroupConv2d(2, 3, 3, false, true, false), new Shape(2, 32, 4))
                .multiplications())
        .isEqualTo(24 * 16 * 16 * 9);
  }

  private static LayerWork work(Layer layer, Shape input) {
    Network.Builder builder = Network.builder(input).add("layer", layer);
    Network network = builder.build(new float[builder.parameterCount()], new ReferenceKernels());
    return LayerWork.of(network, network.nodes().get(0));
  }
}

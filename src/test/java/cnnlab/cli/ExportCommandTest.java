package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  private static final String TASK1 = "src/test/resources/keras/task1.keras";

  @TempDir Path temp;

  private static Outcome export(Object model, Object to, String... more) {
    List<String> all =
        new java.util.ArrayList<>(List.of("export", model.toString(), "--to", to.toString()));
    all.addAll(List.of(more));
    return Outcome.of(all.toArray(String[]::new));
  }

  @Test
  void writesTheModelOfARunAsAKerasFileThatCompareAccepts() {
    Path file = temp.resolve("new/model.keras");
    Outcome outcome = export("results/reference/task1", file);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("model.keras written", "inputs [N, 28, 28, 1]");
    assertThat(Outcome.of("summary", file.toString()).out()).contains("4,266", "flatten");
  }

  @Test
  void replacesAnOlderFileButNeverTheModelItself() throws IOException {
    Path file = temp.resolve("model.h5");
    Files.writeString(file, "old");
    assertThat(export(TASK1, file).code()).isZero();
    assertThat(Files.size(file)).isGreaterThan(4 * 4_266);
    Outcome outcome = export(file, file);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("would be overwritten");
  }

  @Test
  void refusesOtherNamesAndUnknownPreparation() {
    assertThat(export(TASK1, temp.resolve("x.pt")).err())
        .contains("it must end in .keras, .h5 or .onnx");
    Outcome outcome = export(TASK1, temp.resolve("x.keras"), "--with-preprocessing");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("is not in a run directory");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void writesOnnxWithTheInputsOfTheModel() throws IOException {
    ModelProto keras = onnx(TASK1);
    assertThat(keras.getOpsetImport(0).getVersion()).isEqualTo(18);
    assertThat(keras.getGraph().getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly(
            "Transpose",
            "Conv",
            "Relu",
            "MaxPool",
            "Conv",
            "Relu",
            "MaxPool",
            "Flatten",
            "Gemm",
            "Softmax",
            "Identity");
    assertThat(shape(keras)).containsExactly(0L, 28L, 28L, 1L);
    ModelProto library = onnx("results/reference/task1");
    assertThat(library.getGraph().getNode(0).getOpType()).isEqualTo("Conv");
    assertThat(shape(library)).containsExactly(0L, 1L, 28L, 28L);
    assertThat(library.getGraph().getInitializerList().stream())
        .filteredOn(tensor -> tensor.getName().endsWith("W"))
        .extracting(tensor -> tensor.getDimsList().toString())
        .containsExactly("[4, 1, 3, 3]", "[8, 4, 3, 3]", "[392, 10]");
  }

  private ModelProto onnx(String model) throws IOException {
    Path file = temp.resolve("x.onnx");
    Outcome outcome = export(model, file);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    try (InputStream in = Files.newInputStream(file)) {
      return ModelProto.parseFrom(in);
    }
  }

  private static List<Long> shape(ModelProto model) {
    return model.getGraph().getInput(0).getType().getTensorType().getShape().getDimList().stream()
        .map(onnx.Onnx.TensorShapeProto.Dimension::getDimValue)
        .toList();
  }
}

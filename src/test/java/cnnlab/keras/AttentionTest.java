package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.file.ModelFileException;
import cnnlab.model.file.ModelFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Attention layers of Keras: what is refused, and that saved models keep them. */
class AttentionTest {
  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @Test
  void savedModelsKeepAttention() throws IOException {
    ComputationGraph graph = KerasFile.read(Reference.folder().resolve("attention.keras")).graph();
    Path file = temp.resolve("model.zip");
    ModelFiles.save(graph, file);
    INDArray x = Nd4j.rand(3, 3, 4, 6);
    assertThat(ModelFiles.load(file).outputSingle(x)).isEqualTo(graph.outputSingle(x));
  }

  /** Each changes one text of the configuration. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_gate\": false | \"use_gate\": true | use_gate is true; false",
        "\"sliding_window\": null | \"sliding_window\": 3 | sliding_window is 3",
        "\"attention_axes\": [1, 2] | \"attention_axes\": [2] | attention_axes is [2]; [1, 2]",
        "\"num_heads\": 2 | \"num_heads\": 3 | requires [8, 3, 3]",
        "\"value_dim\": 5 | \"value_dim\": 1000000000 | value_dim is 1000000000",
        "\"output_shape\": [7] | \"output_shape\": [7, 1] | output_shape is [7,1]",
        "\"kwargs\": {} | \"kwargs\": {\"use_causal_mask\": true} | use_causal_mask=true",
        "\"kwargs\": {} | \"kwargs\": {\"return_attention_scores\": true} | return_attention_scores=true"
      })
  void refusesWhatItDoesNotCompute(String old, String changed, String said) throws IOException {
    Map<String, byte[]> entries = Archives.entries(Reference.folder().resolve("attention.keras"));
    String json = new String(entries.get("config.json"), StandardCharsets.UTF_8);
    assertThat(json).contains(old);
    int at = json.indexOf(old, json.indexOf("\"MultiHeadAttention\""));
    String other = json.substring(0, at) + changed + json.substring(at + old.length());
    entries.put("config.json", other.getBytes(StandardCharsets.UTF_8));
    Path file = Archives.write(temp.resolve("model.keras"), entries);
    assertThatThrownBy(() -> KerasFile.read(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("(MultiHeadAttention)")
        .hasMessageContainingAll(said.split("; "));
  }
}

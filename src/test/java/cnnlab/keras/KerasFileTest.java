package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Augmentation;
import cnnlab.data.file.NpyArray;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.keras.layer.Catalogue;
import cnnlab.keras.layer.Weight;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The properties of a Keras model other than its outputs. */
class KerasFileTest {
  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private static KerasModel read(String name) {
    return KerasFile.read(Reference.folder().resolve(name));
  }

  private static Layer layer(KerasModel model, String name) {
    return model.graph().getLayer(name).conf().getLayer();
  }

  @Test
  void theModelsHaveEveryLayerThatIsRead() throws IOException {
    Set<String> found = new TreeSet<>();
    long models = 0;
    for (Path file : Reference.files().filter(f -> f.toString().endsWith(".keras")).toList()) {
      String json = new String(Archives.entries(file).get("config.json"), StandardCharsets.UTF_8);
      Catalogue.layers().stream()
          .filter(name -> json.contains("\"class_name\": \"" + name + "\""))
          .forEach(found::add);
      models++;
    }
    assertThat(found).isEqualTo(Catalogue.layers());
    assertThat(models).isGreaterThanOrEqualTo(20);
  }

  /** The sizes that a file leaves open are those that are given. */
  @Test
  void completesInputsOfUnknownSize() throws IOException {
    Path file = Reference.folder().resolve("mobile.keras");
    Map<String, byte[]> entries = Archives.entries(file);
    String json = new String(entries.get("config.json"), StandardCharsets.UTF_8);
    String open =
        json.replace(
            "\"batch_shape\": [null, 16, 16, 3]", "\"batch_shape\": [null, null, null, 3]");
    assertThat(open).isNotEqualTo(json);
    entries.put("config.json", open.getBytes(StandardCharsets.UTF_8));
    Path other = Archives.write(temp.resolve("open.keras"), entries);
    INDArray x = Nd4j.rand(2, 3, 16, 16);
    assertThat(KerasFile.read(other, () -> List.of(16, 16, 3)).graph().outputSingle(x))
        .isEqualTo(KerasFile.read(file).graph().outputSingle(x));
    assertThatThrownBy(() -> KerasFile.read(other))
        .hasMessageContaining("[null,null,null,3]")
        .hasMessageContaining("export MODEL --input H,W,C --to FIXED.keras");
    for (List<Integer> sizes : List.of(List.of(16, 16), List.of(16, 16, 4))) {
      assertThatThrownBy(() -> KerasFile.read(other, () -> sizes))
          .hasMessageContaining("the given sizes of the input are " + sizes);
    }
    assertThatThrownBy(() -> KerasFile.read(other, () -> List.of(0, 16, 3)))
        .hasMessageContaining("batch_shape is [null,0,16,3]");
  }

  @Test
  void notesThatTheOptimisersStateIsIgnored() {
    assertThat(read("task1.keras").notes()).containsExactly("the optimiser's state is ignored");
    assertThat(read("task1.h5").notes()).containsExactly("the optimiser's state is ignored");
    assertThat(read("task3.keras").notes()).isEmpty();
  }

  @Test
  void notesFrozenLayers() {
    assertThat(read("nested_sequential.keras").notes())
        .anyMatch(note -> note.contains("frozen.conv") && note.contains("partly.norm"));
  }

  @Test
  void convertsRandomLayersToAugmentationOrNotes() {
    KerasModel model = read("preprocessing.keras");
    assertThat(model.augmentation())
        .containsExactly(
            Map.of("flip", Map.of("axes", "horizontal")),
            Map.of("rotate", Map.of("degrees", 36.0, "border", "reflect")),
            Map.of("translate", Map.of("fraction", 0.1, "border", "reflect")),
            Map.of("zoom", Map.of("factor", 0.2, "border", "reflect")),
            Map.of("brightness", Map.of("delta", 0.2)));
    assertThat(Augmentation.of(model.augmentation()).transforms()).hasSize(5);
    // For 0.3 Keras 3.15 draws from [1, 1.3], which is not ±0.3.
    assertThat(model.notes()).anyMatch(note -> note.contains("'contrast'") && note.contains("[0"));
  }

  @Test
  void addsTheSamePenaltiesAsKeras() {
    KerasModel model = read("regularized.keras");
    assertThat(factors(((BaseLayer) layer(model, "conv")).getRegularization()))
        .containsExactly("L1 0.01");
    assertThat(factors(((BaseLayer) layer(model, "conv")).getRegularizationBias()))
        .containsExactly("L2 0.04");
    assertThat(factors(((BaseLayer) layer(model, "depth")).getRegularization()))
        .containsExactly("L2 0.06");
    assertThat(factors(((BaseLayer) layer(model, "dense")).getRegularization()))
        .containsExactly("L1 2.0E-4", "L2 0.002");
    assertThat(factors(((BaseLayer) layer(model, "probabilities")).getRegularization()))
        .containsExactly("L2 0.02");
    // Keras: l1 · Σ|w| + l2 · Σw².
    double expected = 0.01 * norm1(model, "conv_W") + 0.02 * norm2(model, "conv_b");
    assertThat(model.graph().getLayer("conv").calcRegularizationScore(false))
        .isCloseTo(expected, within(1e-6));
  }

  private static List<String> factors(List<Regularization> penalties) {
    return penalties.stream()
        .map(
            p ->
                p instanceof L1Regularization one
                    ? "L1 " + (float) one.getL1().valueAt(0, 0)
                    : "L2 " + (float) ((L2Regularization) p).getL2().valueAt(0, 0))
        .toList();
  }

  private static double norm1(KerasModel model, String parameter) {
    return model.graph().getParam(parameter).norm1Number().doubleValue();
  }

  private static double norm2(KerasModel model, String parameter) {
    return Math.pow(model.graph().getParam(parameter).norm2Number().doubleValue(), 2);
  }

  @Test
  void convertsDropoutToTheProbabilityToKeep() {
    KerasModel model = read("noise.h5");
    assertThat(((Dropout) layer(model, "dropout").getIDropout()).getP()).isEqualTo(0.6);
    assertThat(((SpatialDropout) layer(model, "spatial").getIDropout()).getP()).isEqualTo(0.8);
  }

  @Test
  void theLossFitsTheOutput() {
    assertThat(((OutputLayer) layer(read("task1.h5"), "dense")).getLossFn())
        .isInstanceOf(LossMCXENT.class);
    assertThat(((OutputLayer) layer(read("one_sigmoid.h5"), "probability")).getLossFn())
        .isInstanceOf(LossBinaryXENT.class);
    assertThat(((OutputLayer) layer(read("regression.keras"), "values")).getLossFn())
        .isInstanceOf(LossMSE.class);
    assertThat(((LossLayer) layer(read("mobile.keras"), "probabilities")).getLossFn())
        .isInstanceOf(LossMCXENT.class);
  }

  @Test
  void aModelSurvivesDl4jsOwnFile() throws IOException {
    for (String name : List.of("mobile.keras", "activation_layers.keras", "preprocessing.keras")) {
      KerasModel model = read(name);
      Path zip = temp.resolve(name + ".zip");
      ModelFiles.save(model.graph(), zip);
      INDArray x = Nd4j.rand(new long[] {2, model.channels(), model.height(), model.width()});
      assertThat(ModelFiles.load(zip).outputSingle(x.dup()))
          .isEqualTo(model.graph().outputSingle(x));
    }
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void everyClassifierCanBeTrained(EngineKind kind) {
    for (String name :
        List.of(
            "task1.keras",
            "residual.keras",
            "mobile.keras",
            "nested.keras",
            "regularized.keras",
            "noise.keras",
            "preprocessing.keras",
            "separable.keras")) {
      Reference keras = Reference.of(Reference.folder().resolve(name));
      KerasModel model = read(name);
      int n = keras.outputs().shape()[0];
      int classes = keras.outputs().shape()[1];
      float[] targets = new float[n * classes];
      for (int i = 0; i < n; i++) {
        targets[i * classes + i % classes] = 1;
      }
      Shape image = new Shape(model.channels(), model.height(), model.width());
      try (Engine engine =
          Engines.training(kind, model.graph(), image, Engines.Training.withDefaults(n, 1), 1)) {
        // Without dropout and noise: the losses of single steps go up and down by more than they
        // fall in so few, and by other draws in each engine.
        double before = loss(engine, keras, targets);
        for (int step = 0; step < 40; step++) {
          assertThat(engine.trainBatch(keras.images().clone(), targets, n)).as(name).isFinite();
        }
        assertThat(loss(engine, keras, targets)).as(name).isLessThan(before);
      }
    }
  }

  /** Mean cross-entropy of the engine's predictions. */
  private static double loss(Engine engine, Reference keras, float[] targets) {
    int n = keras.outputs().shape()[0];
    float[] p = engine.predict(keras.images().clone(), n);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum -= targets[i] * Math.log(Math.max(p[i], 1e-12));
    }
    return sum / n;
  }

  @Test
  void bothKindsOfFileHoldTheSameWeights() {
    for (String name : List.of("nested", "nested_sequential", "batch_normalization", "task1")) {
      ComputationGraph a = read(name + ".keras").graph();
      ComputationGraph b = read(name + ".h5").graph();
      assertThat(a.params().dup().data().asFloat())
          .as(name)
          .containsExactly(b.params().dup().data().asFloat());
    }
  }

  /** Older archives do not name their groups, so class and order are used. */
  @Test
  void readsArchivesWithoutNamesByClassAndOrder() throws IOException {
    Path named = Reference.folder().resolve("default_names.keras");
    Map<String, byte[]> entries = Archives.entries(named);
    byte[] weights = entries.get("model.weights.h5");
    // The attribute gets another name, of the same length.
    byte[] old = {'n', 'a', 'm', 'e', 0};
    int found = 0;
    for (int at = 0; at < weights.length - old.length; at++) {
      if (Arrays.equals(Arrays.copyOfRange(weights, at, at + old.length), old)) {
        weights[at] = 'N';
        found++;
      }
    }
    assertThat(found).isPositive();
    Path file = Archives.write(temp.resolve("old.keras"), entries);
    assertThat(KerasFile.read(file).graph().params())
        .isEqualTo(KerasFile.read(named).graph().params());
  }

  @Test
  void recognisesFilesByTheirContent() throws IOException {
    Path folder = Reference.folder();
    assertThat(KerasFile.recognises(Files.copy(folder.resolve("task1.h5"), temp.resolve("a"))))
        .isTrue();
    assertThat(KerasFile.recognises(Files.copy(folder.resolve("nested.keras"), temp.resolve("b"))))
        .isTrue();
    assertThat(KerasFile.recognises(Files.write(temp.resolve("c.zip"), new byte[9]))).isFalse();
    assertThat(KerasFile.recognises(temp.resolve("none.zip"))).isFalse();
    assertThat(KerasFile.recognises(temp.resolve("none.keras"))).isTrue();
  }

  @Test
  void axesArePermutedAsNumpyDoes() {
    // np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1)
    float[] values = new float[24];
    for (int i = 0; i < 24; i++) {
      values[i] = i;
    }
    Weight weight = new Weight("w", new long[] {2, 3, 4}, () -> values);
    assertThat(Arrays.copyOf(weight.permuted(2, 0, 1).values(), 9))
        .containsExactly(0, 4, 8, 12, 16, 20, 1, 5, 9);
    float[] nhwc = new NpyArray(new int[] {1, 2, 3, 4}, values).nhwcToNchw().data();
    assertThat(weight.permuted(2, 0, 1).values()).containsExactly(nhwc);
  }
}

package cnnlab.onnx;

import static cnnlab.onnx.Protos.floats;
import static cnnlab.onnx.Protos.integers;
import static cnnlab.onnx.Protos.longs;
import static cnnlab.onnx.Protos.node;
import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs as tf2onnx writes them: images [N, H, W, C], with transposes around operators. */
class OnnxLayoutTest {
  private static final int H = 2;
  private static final int W = 3;
  private static final int C = 2;
  private static final int FILTERS = 3;
  private static final int OUT = 2;

  @TempDir private Path folder;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @Test
  void channelsLastWithTransposes() throws IOException {
    Random random = new Random(1);
    float[] kernel = numbers(random, FILTERS * C);
    float[] matrix = numbers(random, H * W * FILTERS * OUT);
    float[] bias = numbers(random, OUT);
    float[] x = numbers(random, H * W * C);
    Path file = folder.resolve("m.onnx");
    Files.write(
        file,
        Protos.model(
            13,
            List.of(-1, H, W, C),
            g ->
                g.addInitializer(floats("k", kernel, FILTERS, C, 1, 1))
                    .addInitializer(floats("m", matrix, H * W * FILTERS, OUT))
                    .addInitializer(floats("b", bias, OUT))
                    .addInitializer(longs("s", new long[] {-1, H * W * FILTERS}, 2))
                    .addNode(node("Transpose", "t", List.of("x"), integers("perm", 0, 3, 1, 2)))
                    .addNode(node("Conv", "c", List.of("t", "k")))
                    .addNode(node("Relu", "r", List.of("c")))
                    .addNode(node("Transpose", "u", List.of("r"), integers("perm", 0, 2, 3, 1)))
                    .addNode(node("Reshape", "f", List.of("u", "s")))
                    .addNode(node("MatMul", "p", List.of("f", "m")))
                    .addNode(node("Add", "y", List.of("p", "b")))));
    LoadedModel model = ModelLoader.open(file);
    assertThat(model.input().sizes()).containsExactly(H, W, C);
    assertThat(model.input().channelsFirst()).isFalse();
    float[] found =
        GraphCompiler.compile(model.graph(), model.input().shape(), Kernels.best())
            .predict(model.input().channelsFirst(x, 1), 1);
    assertThat(found).containsExactly(expected(x, kernel, matrix, bias), Offset.offset(1e-5f));
  }

  private static float[] expected(float[] x, float[] kernel, float[] matrix, float[] bias) {
    float[] y = bias.clone();
    for (int place = 0; place < H * W; place++) {
      for (int f = 0; f < FILTERS; f++) {
        float sum = 0;
        for (int c = 0; c < C; c++) {
          sum += kernel[f * C + c] * x[place * C + c];
        }
        for (int o = 0; o < OUT; o++) {
          y[o] += Math.max(0, sum) * matrix[(place * FILTERS + f) * OUT + o];
        }
      }
    }
    return y;
  }

  private static float[] numbers(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}

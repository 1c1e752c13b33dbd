package cnnlab.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The maps are the weights with which the network computes. */
class WeightMapsTest {
  private static final Window WINDOW = Window.square(3, 1, new Padding.Valid());

  private static Network network(Shape input, Layer... layers) {
    Network.Builder builder = Network.builder(input);
    for (int i = 0; i < layers.length; i++) {
      builder.add("layer" + i, layers[i]);
    }
    return builder.build(random(builder.parameterCount(), 1), new ReferenceKernels());
  }

  private static float[] random(int n, int seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static WeightMaps last(Network network) {
    return WeightMaps.of(network, network.nodes().get(network.nodes().size() - 1)).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void weightsOfADenseLayerLieOnTheMapsThatItReads(boolean channelsLast) {
    Network network =
        network(
            new Shape(3, 4, 5),
            channelsLast ? new FlattenChannelsLast() : new Flatten(),
            new Dropout(0.5),
            new Dense(60, 2, true, false));
    WeightMaps maps = last(network);
    assertThat(maps.shape()).containsExactly(2, 3, 4, 5);
    assertThat(maps.areKernels()).isFalse();
    float[] x = random(60, 2);
    float[] y = network.predict(x, 1);
    for (int o = 0; o < 2; o++) {
      double sum = maps.bias(o);
      for (int c = 0; c < 3; c++) {
        float[] map = maps.map(o, c);
        for (int p = 0; p < 20; p++) {
          sum += (double) map[p] * x[c * 20 + p];
        }
      }
      assertThat(sum).isCloseTo(y[o], within(1e-5));
    }
  }

  @Test
  void kernelsAreTheAnswersToImpulses() {
    Network network = network(new Shape(2, 3, 3), new Conv2d(2, 4, WINDOW, false, false));
    WeightMaps maps = last(network);
    assertThat(maps.shape()).containsExactly(4, 2, 3, 3);
    assertThat(maps.areKernels()).isTrue();
    assertThat(maps.hasBias()).isFalse();
    for (int i = 0; i < 18; i++) {
      float[] x = new float[18];
      x[i] = 1;
      float[] y = network.predict(x, 1);
      for (int o = 0; o < 4; o++) {
        assertThat(maps.map(o, i / 9)[i % 9]).isEqualTo(y[o]);
      }
    }
  }

  @Test
  void aTransposedConvolutionHasItsInputsFirst() {
    Network network = network(new Shape(2, 1, 1), new TransposedConv2d(2, 4, WINDOW, false));
    WeightMaps maps = last(network);
    assertThat(maps.shape()).containsExactly(4, 2, 3, 3);
    float[] y = network.predict(new float[] {0, 1}, 1);
    for (int o = 0; o < 4; o++) {
      float[] kernel = maps.map(o, 1);
      for (int p = 0; p < 9; p++) {
        assertThat(Math.abs(kernel[p])).isGreaterThan(0);
      }
      assertThat(kernel).containsExactly(java.util.Arrays.copyOfRange(y, o * 9, o * 9 + 9));
    }
  }

  @Test
  void aGroupConvolutionHasAMapForEachOrientation() {
    Network network =
        network(
            new Shape(3, 5, 5),
            new GroupConv2d(3, 2, 3, true, false, false),
            new GroupConv2d(2, 4, 3, false, true, false));
    assertThat(WeightMaps.of(network, network.nodes().get(0)).orElseThrow().shape())
        .containsExactly(2, 3, 3, 3);
    assertThat(last(network).shape()).containsExactly(4, 16, 3, 3);
  }

  @Test
  void pixelsInAVectorAreASquare() {
    Network network = network(Shape.vector(49), new Dense(49, 3, true, false));
    assertThat(last(network).shape()).containsExactly(3, 1, 7, 7);
    Network odd = network(Shape.vector(48), new Dense(48, 3, true, false));
    assertThat(WeightMaps.of(odd, odd.nodes().get(0))).isEmpty();
  }

  @Test
  void behindAnotherDenseLayerThereIsNoPicture() {
    Network network =
        network(
            new Shape(1, 7, 7),
            new Flatten(),
            new Dense(49, 9, true, true),
            new Dense(9, 3, true, false));
    assertThat(WeightMaps.of(network, network.nodes().get(2))).isEmpty();
    assertThat(WeightMaps.of(network, network.nodes().get(0))).isEmpty();
  }
}

package cnnlab.crosscheck;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report's check of random layers, with many seeds. */
class SingleLayersTest {
  private static final Shape SHAPE = new Shape(1, 28, 28);
  private static ImageSet test;

  @BeforeAll
  static void load() {
    Dl4jRuntime.configure(true, 1);
    test = Mnist.load(Path.of("datasets")).test();
  }

  /** Also if the sum over a convolution is above the report's 8.314e-5. */
  @ParameterizedTest
  @ValueSource(longs = {1, 14, 100, 200, 300})
  void everyRandomLayerIsWithinItsBounds(long first) {
    for (long seed = first; seed < first + 5; seed++) {
      float[] image = test.batch(new int[] {(int) seed}, 0, 1);
      List<LayerDifference> layers = SingleLayers.check(image, SHAPE, seed);
      assertThat(layers).hasSize(5);
      for (LayerDifference layer : layers) {
        assertThat(layer.rounding().passed()).as("seed %d: %s", seed, layer).isTrue();
        assertThat(layer.rounding().together().share()).as("share").isLessThan(0.5);
      }
    }
  }
}

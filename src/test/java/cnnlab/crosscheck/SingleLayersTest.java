package cnnlab.crosscheck;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.report.claim.LabReport;
import cnnlab.scratch.layer.Shape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The report's check of random layers, with many seeds. */
class SingleLayersTest {
  private static final Shape SHAPE = new Shape(1, 28, 28);
  private static ImageSet test;

  @BeforeAll
  static void load() {
    Dl4jRuntime.configure(true, 1);
    test = Mnist.load(Path.of("datasets")).test();
  }

  private static final int SEEDS = 200;

  /** Also if the sum over a convolution is above the report's figure. */
  @Test
  void everyRandomLayerIsWithinItsBounds() {
    int above = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      float[] image = test.batch(new int[] {(int) seed}, 0, 1);
      List<LayerDifference> layers = SingleLayers.check(image, SHAPE, seed);
      assertThat(layers).hasSize(5);
      for (LayerDifference layer : layers) {
        assertThat(layer.rounding().passed()).as("seed %d: %s", seed, layer).isTrue();
        assertThat(layer.rounding().together().share()).as("share").isLessThan(0.5);
      }
      above += layers.get(0).difference().sumAbs() > LabReport.CONVOLUTION_DIFFERENCE ? 1 : 0;
    }
    // So the figure is not a bound. How many draws of weights and images exceed it depends on the
    // processor, for which DL4J chooses its loops: 19 of 200 on one, 50 to 100 on another.
    assertThat(above).isPositive();
  }
}

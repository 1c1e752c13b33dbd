package cnnlab.scratch.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.model.LymphNodeCnn;
import cnnlab.model.LymphNodeResNet;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;

/** The residual network of Task 3: its size and its activations in both engines. */
class LymphNodeResNetTest {
  private static final Shape IMAGE =
      new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH);

  private static ComputationGraph graph(LymphNodeResNet.Shape shape) {
    return LymphNodeResNet.create(1, shape, new Adam(1e-3), 0.01);
  }

  @Test
  void hasTheParametersOfItsLayers() {
    ComputationGraph graph = graph(new LymphNodeResNet.Shape(List.of(4, 8), 2, true, 0));
    int stem = 3 * 4 * 9;
    int first = 2 * (2 * 4 * 4 * 9 + 2 * 4 * 4);
    int wider = 4 * 4 + 4 * 8 * 9 + 4 * 8 + 8 * 8 * 9 + 4 * 8;
    int second = wider + 2 * 8 * 8 * 9 + 2 * 4 * 8;
    int head = 4 * 8 + 8 * 2 + 2;
    assertThat(graph.numParams()).isEqualTo(stem + first + second + head);
    assertThat(graph.layerSize("block1_1_conv1")).isEqualTo(4);
  }

  @Test
  void bothEnginesComputeTheSame() {
    for (boolean pooledStem : new boolean[] {false, true}) {
      ComputationGraph graph =
          graph(new LymphNodeResNet.Shape(List.of(4, 8, 12), 1, pooledStem, 0));
      TestGraphs.assertSame(graph, IMAGE, new ReferenceKernels(), 5, 1e-5);
      TestGraphs.assertSame(graph, IMAGE, Kernels.best(), 9, 1e-5);
    }
  }

  @Test
  void refusesShapesThatDoNotFitThePatches() {
    assertThatThrownBy(() -> new LymphNodeResNet.Shape(List.of(), 1, false, 0))
        .hasMessageContaining("one to four widths");
    assertThatThrownBy(() -> new LymphNodeResNet.Shape(List.of(1, 1, 1, 1, 1), 1, false, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LymphNodeResNet.Shape(List.of(4), 0, false, 0))
        .hasMessageContaining("0 blocks");
  }
}

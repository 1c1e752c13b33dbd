package cnnlab.bench.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import cnnlab.bench.model.BenchModel;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Node;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Layers beside the machine's peak. */
class RooflineTest {
  private static final MachinePeak PEAK = new MachinePeak(2, 100e9, 10e9);

  @Test
  void sharesAreOfThePeak() {
    Roofline roofline =
        Roofline.of(
            "task1",
            16,
            PEAK,
            List.of(
                new LayerTime("conv", "Conv2d", 4e-3, 50e6, 1e6),
                new LayerTime("relu", "relu", 4e-4, 0, 1e6)));
    Roofline.Row conv = roofline.layers().get(0);
    // 4 ms of two threads are 2 ms; 100e6 operations in 2 ms are 50 GFLOP/s.
    assertThat(conv.seconds()).isEqualTo(2e-3);
    assertThat(conv.ofPeak()).isCloseTo(0.5, offset(1e-12));
    assertThat(conv.ofBandwidth()).isCloseTo(0.05, offset(1e-12));
    assertThat(conv.bound()).isEqualTo(Roofline.Bound.ARITHMETIC);
    assertThat(roofline.layers().get(1).bound()).isEqualTo(Roofline.Bound.MEMORY);
    assertThat(roofline.layers().get(1).ofBandwidth()).isCloseTo(0.5, offset(1e-12));
    assertThat(roofline.layers().get(2).layer()).isEqualTo("all");
    assertThat(roofline.table().toString()).contains("50 %", "arithmetic", "memory");
  }

  @Test
  void everyLayerIsTimedOnce() {
    Network network = BenchModel.open("task3").network(Kernels.best());
    float[] x = new float[40 * network.inputShape().size()];
    for (int threads = 1; threads <= 2; threads++) {
      List<LayerTime> times = LayerTimes.measure(network, x, 40, threads, 0.01);
      assertThat(times.get(0).layer()).isEqualTo(LayerTime.LAYOUT);
      assertThat(times).allSatisfy(time -> assertThat(time.seconds()).isPositive());
      List<String> layers =
          times.stream().skip(1).flatMap(time -> Stream.of(time.layer().split("\\+"))).toList();
      // Dropout computes nothing at inference; it may have no time of its own.
      assertThat(layers)
          .doesNotHaveDuplicates()
          .containsAll(
              network.nodes().stream()
                  .map(Node::name)
                  .filter(name -> !name.startsWith("dropout"))
                  .toList());
    }
  }

  @Test
  void fusedLayersReadAndWriteNothingBetweenThem() {
    Network network = BenchModel.open("task1").network(Kernels.best());
    List<LayerTime> times = LayerTimes.measure(network, new float[16 * 784], 16, 1, 0.01);
    for (LayerTime time : times) {
      if (time.layer().equals("conv1+pool1")) {
        assertThat(time.bytes()).isEqualTo(4.0 * (16 * (784 + 4 * 196) + 40));
        assertThat(time.multiplications()).isEqualTo(16.0 * 9 * 4 * 784);
      }
    }
  }

  @Test
  void thePeakIsAboveWhatPlainLoopsReach() {
    MachinePeak peak = MachinePeak.measure(1);
    assertThat(peak.bandwidth()).isGreaterThan(1e8);
    if (Kernels.best().lanes() > 1) {
      assertThat(peak.flops()).isGreaterThan(1e9);
    }
  }
}

package cnnlab.data.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClustersTest {
  @Test
  void separateCloudsAreClusters() {
    Random random = new Random(1);
    List<double[]> points = new ArrayList<>();
    int[] cloud = new int[300];
    for (int i = 0; i < 300; i++) {
      cloud[i] = i % 3;
      points.add(new double[] {10 * cloud[i] + random.nextGaussian(), random.nextGaussian()});
    }
    int[] found = Clusters.of(points, 3, 1).nearest(points.toArray(double[][]::new));
    assertThat(Clusters.adjustedRandIndex(cloud, found, 3)).isEqualTo(1);
  }

  /** The plain definition: over all pairs of points, together or apart in each clustering. */
  @Test
  void theAdjustedRandIndexCountsPairs() {
    Random random = new Random(2);
    int n = 60;
    int[] a = random.ints(n, 0, 4).toArray();
    int[] b = new int[n];
    for (int i = 0; i < n; i++) {
      b[i] = random.nextInt(3) == 0 ? random.nextInt(4) : a[i];
    }
    double both = 0;
    double inA = 0;
    double inB = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        both += a[i] == a[j] && b[i] == b[j] ? 1 : 0;
        inA += a[i] == a[j] ? 1 : 0;
        inB += b[i] == b[j] ? 1 : 0;
        all++;
      }
    }
    double chance = inA * inB / all;
    assertThat(Clusters.adjustedRandIndex(a, b, 4))
        .isCloseTo((both - chance) / ((inA + inB) / 2 - chance), within(1e-12));
  }

  @Test
  void unrelatedClusteringsAgreeByChanceOnly() {
    Random random = new Random(3);
    int[] a = random.ints(5000, 0, 5).toArray();
    int[] b = random.ints(5000, 0, 5).toArray();
    assertThat(Clusters.adjustedRandIndex(a, b, 5)).isCloseTo(0, within(0.01));
  }
}

package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.ImageSet;
import cnnlab.engine.Engine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The eight orientations of a square. */
class TestTimeSymmetriesTest {

  @Test
  void hasEightDifferentSymmetriesStartingWithTheIdentity() {
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19};
    Set<List<Float>> views = new HashSet<>();
    for (int s = 0; s < TestTimeSymmetries.COUNT; s++) {
      float[] view = TestTimeSymmetries.view(x, 3, s);
      assertThat(view[4]).isEqualTo(5);
      assertThat(view[13]).isEqualTo(15);
      // The second plane is moved as the first.
      for (int i = 0; i < 9; i++) {
        assertThat(view[9 + i]).isEqualTo(view[i] + 10);
      }
      views.add(List.of(view[0], view[2], view[6], view[8]));
    }
    assertThat(views).hasSize(8).contains(List.of(1f, 3f, 7f, 9f));
    assertThat(TestTimeSymmetries.view(x, 3, 0)).isEqualTo(x);
    assertThat(TestTimeSymmetries.view(x, 3, 4)).startsWith(1, 4, 7, 2, 5, 8, 3, 6, 9);
  }

  @Test
  void probabilitiesAreAveraged() {
    // The upper left pixel decides; over eight orientations each corner is there twice.
    byte[] pixels = {(byte) 255, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, 0};
    ImageSet set = new ImageSet("corners", 1, 2, 2, 2, pixels, new int[] {0, 1});
    float[] mean = TestTimeSymmetries.mean(new Corner(), set, new int[] {1, 0});
    assertThat(mean[1]).isCloseTo(0.75f, within(1e-6f));
    assertThat(mean[0]).isCloseTo(0.25f, within(1e-6f));
    assertThat(mean[3]).isCloseTo(0.25f, within(1e-6f));
  }

  @Test
  void refusesImagesThatAreNotSquare() {
    ImageSet set = new ImageSet("oblong", 1, 1, 2, 2, new byte[2], new int[] {0});
    assertThatThrownBy(() -> TestTimeSymmetries.mean(new Corner(), set, new int[] {0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("oblong", "1x2");
  }

  /** Predicts class 1 when the first pixel is white. */
  private static final class Corner implements Engine {
    @Override
    public String name() {
      return "corner";
    }

    @Override
    public float[] predict(float[] x, int n) {
      float[] p = new float[2 * n];
      for (int i = 0; i < n; i++) {
        p[2 * i + 1] = x[i * x.length / n] > 0 ? 1 : 0;
        p[2 * i] = 1 - p[2 * i + 1];
      }
      return p;
    }

    @Override
    public double trainBatch(float[] x, float[] y, int n) {
      throw new UnsupportedOperationException();
    }

    @Override
    public float[] weights() {
      return new float[0];
    }

    @Override
    public void setWeights(float[] weights) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void saveState(DataOutputStream out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void loadState(DataInputStream in) {
      throw new UnsupportedOperationException();
    }
  }
}

package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ImageSetTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  /** Every byte encodes its position: 100·n + 10·y + 3·x + c; the last image is unlabelled. */
  private static ImageSet set(int... labels) {
    byte[] pixels = new byte[labels.length * HEIGHT * WIDTH * CHANNELS];
    int at = 0;
    for (int n = 0; n < labels.length; n++) {
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          for (int c = 0; c < CHANNELS; c++) {
            pixels[at++] = (byte) value(n, c, y, x);
          }
        }
      }
    }
    return new ImageSet("places", CHANNELS, HEIGHT, WIDTH, 3, pixels, labels);
  }

  private static int value(int n, int c, int y, int x) {
    return 100 * n + 10 * y + 3 * x + c;
  }

  @Test
  void ordersChannelsFirstAndReadsUnsignedBytes() {
    ImageSet set = set(0, 1, 2);
    int[] indices = {1, 2, 0, 1};
    float[] batch = set.batch(indices, 1, 4);
    assertThat(batch).hasSize(3 * 12);
    int at = 0;
    for (int n : new int[] {2, 0, 1}) {
      for (int c = 0; c < CHANNELS; c++) {
        for (int y = 0; y < HEIGHT; y++) {
          for (int x = 0; x < WIDTH; x++) {
            assertThat(batch[at++]).isCloseTo(value(n, c, y, x) / 127.5f - 1, within(1e-6f));
          }
        }
      }
    }
    float[] one = new float[15];
    set.normalised(1, one, 2);
    assertThat(one).startsWith(0, 0, batch[24]).endsWith(batch[35], 0);
  }

  @Test
  void blackIsMinusOneAndWhiteOne() {
    assertThat(ImageSet.normalise(0)).isEqualTo(-1);
    assertThat(ImageSet.normalise(51)).isCloseTo(-0.6f, within(1e-7f));
    assertThat(ImageSet.normalise(255)).isEqualTo(1);
  }

  @Test
  void targetsAreOneAtTheLabel() {
    ImageSet set = set(2, 0, -1, 1);
    assertThat(set.oneHot(new int[] {3, 0, 1, 3}, 1, 4)).containsExactly(0, 0, 1, 1, 0, 0, 0, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set.oneHot(new int[] {0, 2}, 0, 2))
        .withMessage("places: image 2 has no label, so it has no target");
  }

  @Test
  void isUnlabelledIfOneLabelIsMissing() {
    assertThat(set(0, 1, 2).labelled()).isTrue();
    assertThat(set(0, -1, 2).labelled()).isFalse();
    assertThat(set(0, 1, 2).count()).isEqualTo(3);
    assertThat(set(0).imageSize()).isEqualTo(12);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ImageSet("short", 3, 2, 2, 2, new byte[23], new int[2]))
        .withMessage("short: 23 pixel bytes found, 24 expected for 2 images of 2x2x3");
    for (int bad : new int[] {-2, 3}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> set(0, bad))
          .withMessage("places: label %d of image 1 is not one of the classes 0..2", bad);
    }
  }
}

package cnnlab.data.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Overlaps of patches that were cut from images of noise at known positions. */
class OverlapsTest {
  /** Patches cut from one image; the top left corner of each, in pixels. */
  static ImageSet cut(byte[] slide, int width, int[]... corners) {
    byte[] pixels = new byte[corners.length * 32 * 32 * 3];
    for (int i = 0; i < corners.length; i++) {
      for (int y = 0; y < 32; y++) {
        System.arraycopy(
            slide,
            ((corners[i][0] + y) * width + corners[i][1]) * 3,
            pixels,
            (i * 32 + y) * 32 * 3,
            32 * 3);
      }
    }
    return new ImageSet("cut", 3, 32, 32, 2, pixels, new int[corners.length]);
  }

  static byte[] noise(int width, int height, long seed) {
    byte[] slide = new byte[width * height * 3];
    new Random(seed).nextBytes(slide);
    return slide;
  }

  @Test
  void patchesThatShareAQuadrantAreFound() {
    ImageSet set =
        cut(
            noise(160, 160, 1),
            160,
            new int[] {16, 16}, // 0
            new int[] {16, 32}, // 1: right of 0, half of it
            new int[] {32, 32}, // 2: a quadrant of 0, half of 1
            new int[] {96, 96}, // 3: alone
            new int[] {48, 16}, // 4: touches 0; a quadrant of 2
            new int[] {96, 96}); // 5: a copy of 3
    assertThat(Overlaps.find(set))
        .containsExactly(
            new int[] {0, 1},
            new int[] {0, 2},
            new int[] {1, 2},
            new int[] {2, 4},
            new int[] {3, 5});
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void smallDifferencesOfPixelsDoNotHideAnOverlap(int amplitude) {
    byte[] slide = noise(64, 64, 2);
    ImageSet set = cut(slide, 64, new int[] {0, 0}, new int[] {16, 16});
    Random random = new Random(3);
    for (int i = 0; i < set.pixels().length; i++) {
      int level = (set.pixels()[i] & 0xFF) + random.nextInt(2 * amplitude + 1) - amplitude;
      set.pixels()[i] = (byte) Math.max(0, Math.min(255, level));
    }
    assertThat(Overlaps.find(set)).containsExactly(new int[] {0, 1});
  }

  @Test
  void emptyQuadrantsAreNoOverlap() {
    byte[] pixels = new byte[2 * 32 * 32 * 3];
    Random random = new Random(4);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (240 + random.nextInt(8));
    }
    assertThat(Overlaps.find(new ImageSet("glass", 3, 32, 32, 2, pixels, new int[2]))).isEmpty();
  }

  @Test
  void everyPairIsComparedWithAPlainLoop() {
    List<int[]> corners = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      corners.add(new int[] {16 * random.nextInt(10), 16 * random.nextInt(10)});
    }
    ImageSet set = cut(noise(192, 192, 6), 192, corners.toArray(int[][]::new));
    List<int[]> expected = new ArrayList<>();
    for (int i = 0; i < corners.size(); i++) {
      for (int j = i + 1; j < corners.size(); j++) {
        if (Math.abs(corners.get(i)[0] - corners.get(j)[0]) < 32
            && Math.abs(corners.get(i)[1] - corners.get(j)[1]) < 32) {
          expected.add(new int[] {i, j});
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(20);
    assertThat(Overlaps.find(set)).containsExactlyElementsOf(expected);
  }

  @Test
  void otherShapesAreRefused() {
    ImageSet set = new ImageSet("odd", 3, 30, 30, 2, new byte[30 * 30 * 3], new int[1]);
    assertThatThrownBy(() -> Overlaps.find(set))
        .hasMessage(
            "odd: patches of 30x30 pixels found; squares expected, with a side that is a multiple of 8");
  }
}

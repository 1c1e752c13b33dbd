package cnnlab.data.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import cnnlab.data.ImageSet;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlideGroupsTest {
  private static final ImageSet PATCHES = SyntheticPatches.create(300, 1).train();

  @Test
  void everyPatchIsInOneGroupAndTheLargestIsTheFirst() {
    SlideGroups groups = SlideGroups.of(PATCHES, 4);
    int[] sizes = IntStream.rangeClosed(1, 4).map(g -> groups.members(g).length).toArray();
    assertThat(Arrays.stream(sizes).sum()).isEqualTo(PATCHES.count());
    for (int g = 1; g < 4; g++) {
      assertThat(sizes[g]).isBetween(1, sizes[g - 1]);
    }
    for (int g = 1; g <= 4; g++) {
      int[] all =
          IntStream.concat(stream(groups.members(g)), stream(groups.others(g))).sorted().toArray();
      assertThat(all).containsExactly(IntStream.range(0, PATCHES.count()).toArray());
    }
  }

  private static IntStream stream(int[] values) {
    return Arrays.stream(values);
  }

  @Test
  void labelsAreNotUsedAndTheSamePatchesGiveTheSameGroups() {
    int[] others = Arrays.stream(PATCHES.labels()).map(l -> 1 - l).toArray();
    ImageSet relabelled = new ImageSet("relabelled", 3, 32, 32, 2, PATCHES.pixels(), others);
    assertThat(SlideGroups.of(relabelled, 4).of()).containsExactly(SlideGroups.of(PATCHES, 4).of());
  }

  @Test
  void overlappingPatchesAreInOneGroup() {
    // Chains of five overlapping patches each, in colours that drift from patch to patch.
    byte[] pixels = new byte[40 * 5 * 32 * 32 * 3];
    for (int chain = 0; chain < 40; chain++) {
      byte[] slide = OverlapsTest.noise(96, 32, chain);
      for (int i = 0; i < slide.length; i++) {
        int drift = i % 3 == 0 ? i / 3 % 96 : 0;
        slide[i] = (byte) Math.max(0, (slide[i] & 0xFF) - drift);
      }
      int[][] corners = {{0, 0}, {0, 16}, {0, 32}, {0, 48}, {0, 64}};
      ImageSet cut = OverlapsTest.cut(slide, 96, corners);
      System.arraycopy(cut.pixels(), 0, pixels, chain * cut.pixels().length, cut.pixels().length);
    }
    ImageSet set = new ImageSet("chains", 3, 32, 32, 2, pixels, new int[200]);
    SlideGroups groups = SlideGroups.of(set, 4);
    for (int chain = 0; chain < 40; chain++) {
      assertThat(Arrays.stream(groups.of(), 5 * chain, 5 * chain + 5).distinct().count())
          .isEqualTo(1);
    }
    assertThat(groups.evidence().overlapping()).isEqualTo(200);
    assertThat(groups.evidence().overlaps()).isEqualTo(160);
    // Of each chain of the half that nothing was learned from: 10 pairs, 4 of which overlap.
    assertThat(groups.evidence().links()).isEqualTo(20 * 6);
  }

  @Test
  void tooFewPatchesAreRefused() {
    ImageSet few = SyntheticPatches.create(10, 1).train();
    assertThatThrownBy(() -> SlideGroups.of(few, 5))
        .hasMessageContaining("5 groups of 10 patches")
        .hasMessageContaining("at least 2 groups and 20 such patches expected");
    assertThatThrownBy(() -> SlideGroups.of(PATCHES, 1)).hasMessageContaining("1 groups");
    ImageSet blank = new ImageSet("blank", 3, 32, 32, 2, new byte[40 * 32 * 32 * 3], new int[40]);
    assertThatThrownBy(() -> SlideGroups.of(blank, 3)).hasMessageContaining("blank: 3 groups");
  }

  /**
   * On real patches, by another way than {@link Overlaps}: no quadrant occurs pixel for pixel in
   * two groups.
   */
  @Test
  void noQuadrantOfRealPatchesIsInTwoGroups() {
    String datasets = System.getenv("CNNLAB_DATASETS");
    assumeThat(datasets).as("CNNLAB_DATASETS names a folder with patchcam/").isNotNull();
    ImageSet train =
        PatchCamelyon.load(Path.of(datasets, "patchcam"), PatchCamelyon.Options.ALL).train();
    SlideGroups groups = SlideGroups.of(train, 5);
    Map<List<Byte>, Integer> groupOf = new HashMap<>();
    int twice = 0;
    for (int i = 0; i < train.count(); i++) {
      for (int q = 0; q < 4; q++) {
        List<Byte> inner = inner(train, i, q / 2 * 16, q % 2 * 16);
        if (inner.stream().distinct().count() < 60) {
          continue; // empty glass
        }
        Integer before = groupOf.putIfAbsent(inner, groups.of()[i]);
        if (before != null) {
          twice++;
          assertThat(groups.of()[i]).as("patch %d", i).isEqualTo(before);
        }
      }
    }
    assertThat(twice).isGreaterThan(100);
    assertThat(groups.evidence().kept()).isGreaterThan(2 * groups.evidence().byChance());
    assertThat(groups.evidence().stability()).isGreaterThan(0.5);
  }

  /** The middle 12x12 pixels of a quadrant; JPEG's chroma differs at its border. */
  private static List<Byte> inner(ImageSet set, int patch, int top, int left) {
    Byte[] bytes = new Byte[12 * 12 * 3];
    for (int k = 0; k < bytes.length; k++) {
      int y = top + 2 + k / 36;
      int x = left + 2 + k % 36 / 3;
      bytes[k] = set.pixels()[patch * set.imageSize() + (y * 32 + x) * 3 + k % 3];
    }
    return List.of(bytes);
  }
}

package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.file.DataException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Synthetic patches. */
class SyntheticPatchesTest {

  @Test
  void areMarkedAndHaveBothClasses() {
    PatchCamelyon patches = SyntheticPatches.create(100, 1);
    assertThat(patches.source()).startsWith("SYNTHETIC");
    assertThat(patches.train().name()).startsWith("SYNTHETIC");
    assertThat(patches.train().count()).isEqualTo(100);
    assertThat(patches.validation().count()).isEqualTo(SyntheticPatches.VALIDATION);
    assertThat(Arrays.stream(patches.validation().labels()).sum()).isBetween(400, 600);
    assertThat(patches.test().orElseThrow().labels()).containsOnly(-1);
    assertThat(patches.checksums()).isEmpty();
  }

  @Test
  void dependsOnlyOnTheSeed() {
    byte[] once = SyntheticPatches.create(20, 1).train().pixels();
    assertThat(SyntheticPatches.create(20, 1).train().pixels()).isEqualTo(once);
    assertThat(SyntheticPatches.create(20, 2).train().pixels()).isNotEqualTo(once);
    assertThat(SyntheticPatches.create(10, 1).train().pixels())
        .isEqualTo(Arrays.copyOf(once, once.length / 2));
  }

  @Test
  void refusesMoreThanThereAre() {
    assertThatThrownBy(() -> SyntheticPatches.create(4_001, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("SYNTHETIC", "4,001", "4,000");
  }
}

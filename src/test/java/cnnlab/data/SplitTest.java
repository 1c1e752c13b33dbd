package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {
  @TempDir Path folder;

  @Test
  void holdsOutTheLastTenthOfMnist() {
    Split split = Split.of(42, 60_000, 0.1, 0);
    assertThat(split.train()).hasSize(54_000);
    assertThat(split.validation()).hasSize(6_000);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "1, 0.1", "2, 0.5", "10, 0.25", "101, 0.1", "1000, 0", "1000, 0.999"})
  void partsAreDisjointAndComplete(int n, double fraction) {
    for (long seed = -2; seed < 3; seed++) {
      Split split = Split.of(seed, n, fraction, 0);
      assertThat(split.validation()).hasSize((int) Math.round(n * fraction));
      assertThat(all(split)).isEqualTo(IntStream.range(0, n).toArray());
    }
  }

  @Test
  void dependsOnTheSeedAlone() {
    assertThat(Split.of(7, 500, 0.1, 0))
        .isEqualTo(Split.of(7, 500, 0.1, 0))
        .hasSameHashCodeAs(Split.of(7, 500, 0.1, 0))
        .isNotEqualTo(Split.of(8, 500, 0.1, 0));
  }

  /** Frozen: recorded runs must stay repeatable. */
  @Test
  void givesTheSplitItAlwaysGave() {
    Split split = Split.of(42, 10, 0.3, 0);
    assertThat(split.train()).containsExactly(7, 5, 0, 1, 6, 3, 4);
    assertThat(split.validation()).containsExactly(2, 8, 9);
  }

  @Test
  void everyPlaceIsEquallyLikely() {
    int[] heldOut = new int[5];
    for (long seed = 0; seed < 10_000; seed++) {
      heldOut[Split.of(seed, 5, 0.2, 0).validation()[0]]++;
    }
    // Each count is binomial(10,000, 1/5): 2,000 with a standard deviation of 40.
    assertThat(Arrays.stream(heldOut)).allMatch(count -> Math.abs(count - 2_000) < 200);
  }

  @Test
  void limitTakesAPrefixAndLeavesTheValidationPart() {
    Split whole = Split.of(3, 1_000, 0.1, 0);
    Split limited = Split.of(3, 1_000, 0.1, 250);
    assertThat(limited.train()).isEqualTo(Arrays.copyOf(whole.train(), 250));
    assertThat(limited.validation()).isEqualTo(whole.validation());
  }

  @Test
  void refusesArgumentsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Split.of(1, 100, 0.1, 91))
        .withMessageContainingAll("limit 91", "1..90", "all 90 training images");
    assertThatIllegalArgumentException().isThrownBy(() -> Split.of(1, 100, 0.1, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> Split.of(1, 100, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Split.of(1, 100, Double.NaN, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Split.of(1, -1, 0.1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Split(new int[] {1, 2}, new int[] {2}))
        .withMessageContaining("index 2");
  }

  @Test
  void isWrittenAndReadBack() throws IOException {
    Path file = folder.resolve("run/split.csv");
    Split split = Split.of(42, 1_000, 0.1, 100);
    split.write(file);
    Split.of(42, 1_000, 0.1, 200).write(file);
    split.write(file);
    assertThat(Split.read(file)).isEqualTo(split);
    assertThat(Files.readAllLines(file))
        .hasSize(1 + 100 + 100)
        .startsWith("part,index", "train," + split.train()[0]);
    assertThat(folder.resolve("run")).isDirectoryNotContaining("glob:**.tmp");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'index,part\ntrain,1' | line 1: found \"index,part\" | the header",
        "'part,index\ntrain,1\ntrain,x' | line 3: found \"train,x\" | an index from 0",
        "'part,index\ntrain,1\ntrain,-2\n' | line 3: found \"train,-2\" | an index from 0",
        "'part,index\ntrain,99999999999' | line 2: found \"train,99999999999\" | an index",
        "'part,index\ntest,1\ntrain,2' | line 2: found \"test,1\" | train or validation",
        "'part,index\ntrain,1,2\ntrain,2' | line 2: found \"train,1,2\" | train or validation",
        "'part,index\ntrain\ntrain,2' | line 2: found \"train\" | train or validation",
        "'part,index\ntrain,1\nvalidation,1\n' | line 3: found \"validation,1\" | no line before",
        "'part,index\nvalidation,1\n' | found no training index | at least one",
        "'' | found no training index | at least one",
        "'part,index\n\"train,1\n' | cannot be read | a split as CSV",
      })
  void refusesBrokenFiles(String content, String found, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve("split.csv"), content);
    assertThatThrownBy(() -> Split.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContainingAll(found, expected, "Take an unchanged split.csv");
  }

  @Test
  void namesAFileThatCannotBeReadOrWritten() throws IOException {
    Path missing = folder.resolve("none.csv");
    assertThatThrownBy(() -> Split.read(missing))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(missing.toString(), "cannot be read");
    Path below = Files.writeString(folder.resolve("file"), "").resolve("split.csv");
    assertThatThrownBy(() -> Split.of(1, 10, 0.1, 0).write(below))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(below.toString(), "cannot be written");
  }

  private static int[] all(Split split) {
    return IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.validation()))
        .sorted()
        .toArray();
  }
}

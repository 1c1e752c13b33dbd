package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.file.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
  void dependsOnTheSeedOnly() {
    assertThat(Split.of(7, 500, 0.1, 0))
        .isEqualTo(Split.of(7, 500, 0.1, 0))
        .hasSameHashCodeAs(Split.of(7, 500, 0.1, 0))
        .isNotEqualTo(Split.of(8, 500, 0.1, 0));
  }

  /** Fixed values, so that recorded runs can be repeated. */
  @Test
  void givesTheSplitItAlwaysGave() {
    Split split = Split.of(42, 10, 0.3, 0);
    assertThat(split.train()).containsExactly(7, 5, 0, 1, 6, 3, 4);
    assertThat(split.validation()).containsExactly(2, 8, 9);
  }

  @Test
  void choosesEveryPlaceWithEqualProbability() {
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
  void isWrittenInOrder() throws IOException {
    Path file = folder.resolve("run/split.csv");
    Split split = Split.of(42, 1_000, 0.1, 100);
    split.write(file);
    Split.of(42, 1_000, 0.1, 200).write(file);
    split.write(file);
    assertThat(Files.readAllLines(file))
        .containsExactlyElementsOf(
            Stream.of(
                    Stream.of("part,index"),
                    IntStream.of(split.train()).mapToObj(i -> "train," + i),
                    IntStream.of(split.validation()).mapToObj(i -> "validation," + i))
                .flatMap(lines -> lines)
                .toList());
    assertThat(folder.resolve("run")).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void namesAFileThatCannotBeWritten() throws IOException {
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

package cnnlab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cnnlab.experiment.ReservedKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ends of every range, and keys that are one for all variants. */
class ChecksTest {
  @Test
  void rangesEndWhereTheySay() {
    assertThatCode(
            () -> {
              Checks.positive("rate", Double.MIN_VALUE);
              Checks.atLeast("epochs", 3, 3);
              Checks.inUnitInterval("dropout", 0);
              Checks.inUnitInterval("dropout", Math.nextDown(1f));
            })
        .doesNotThrowAnyException();
    for (double bad : new double[] {0, -1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Checks.positive("rate", bad))
          .withMessage("rate is %s; it must be greater than 0", bad);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Checks.atLeast("epochs", 2, 3))
        .withMessage("epochs is 2; it must be at least 3");
    for (double bad : new double[] {1, -Double.MIN_VALUE, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Checks.inUnitInterval("dropout", bad))
          .withMessage("dropout is %s; it must be at least 0 and less than 1", bad);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "task2-best", "a--"})
  void namesOfFolders(String name) {
    assertThatCode(() -> Checks.folderName("experiment", name)).doesNotThrowAnyException();
    assertThat(Checks.isFolderName(name + "x".repeat(100 - name.length()))).isTrue();
    assertThat(Checks.isFolderName(name + "x".repeat(101 - name.length()))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a/b", "..", "a b", "é", "a\n"})
  void whatNamesNoFolderIsRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Checks.folderName("experiment", name))
        .withMessageStartingWith("experiment is '" + name + "'; it must be at most 100 lower-case");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed", "experiment", "claims", "dl4j", "dl4j.onednn", "data.limit"})
  void keysOfAWholeRun(String key) {
    assertThat(ReservedKeys.contains(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"epochs", "optimizer.seed", "seeds", "network.dropout", "augmentation"})
  void keysThatVariantsMaySet(String key) {
    assertThat(ReservedKeys.contains(key)).isFalse();
  }
}

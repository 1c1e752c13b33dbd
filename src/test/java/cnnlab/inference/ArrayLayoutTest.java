package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cnnlab.data.file.NpyArray;
import cnnlab.scratch.layer.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the order of a user's arrays to that of the engines, and back. */
class ArrayLayoutTest {
  private static NpyArray zeros(int... shape) {
    int size = 1;
    for (int side : shape) {
      size *= side;
    }
    return new NpyArray(shape, new float[size]);
  }

  @Test
  void hasTheShapeOfTheEngines() {
    assertThat(new ArrayLayout(List.of(7)).shape()).isEqualTo(Shape.vector(7));
    assertThat(new ArrayLayout(List.of(4, 5)).shape()).isEqualTo(new Shape(1, 4, 5));
    assertThat(new ArrayLayout(List.of(4, 5, 3)).shape()).isEqualTo(new Shape(3, 4, 5));
    assertThat(ArrayLayout.of(new Shape(3, 4, 5))).hasToString("[4, 5, 3]");
    assertThat(ArrayLayout.of(Shape.vector(7)).ofMany()).isEqualTo("[N, 7]");
    assertThat(new ArrayLayout(List.of(4, 5, 3)).arrayShape(2)).containsExactly(2, 4, 5, 3);
  }

  @Test
  void turnsImagesAndBack() {
    ArrayLayout layout = new ArrayLayout(List.of(1, 2, 3));
    float[] user = {0, 1, 2, 10, 11, 12};
    float[] engine = layout.channelsFirst(user, 1);
    assertThat(engine).containsExactly(0, 10, 1, 11, 2, 12);
    assertThat(layout.fromEngines(engine, 1)).containsExactly(user);
  }

  @Test
  void acceptsAnOptionalLastAxisOfSizeOne() {
    ArrayLayout grey = new ArrayLayout(List.of(4, 5, 1));
    ArrayLayout bare = new ArrayLayout(List.of(4, 5));
    for (ArrayLayout layout : List.of(grey, bare)) {
      assertThat(layout.fits(zeros(2, 4, 5))).isTrue();
      assertThat(layout.fits(zeros(2, 4, 5, 1))).isTrue();
      assertThat(layout.fits(zeros(2, 5, 4, 1))).isFalse();
      assertThat(layout.fits(zeros(2, 20))).isFalse();
      assertThat(layout.fits(zeros(4, 5))).isFalse();
    }
    assertThat(new ArrayLayout(List.of(1)).fits(zeros(6, 1))).isTrue();
    assertThat(new ArrayLayout(List.of(1)).fits(zeros(6))).isFalse();
  }

  @Test
  void refusesOtherRanks() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ArrayLayout(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new ArrayLayout(List.of(1, 2, 3, 4)));
    assertThatIllegalArgumentException().isThrownBy(() -> new ArrayLayout(List.of(4, 0)));
  }
}

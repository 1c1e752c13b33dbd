package cnnlab.scratch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.MaxPool2d;
import org.junit.jupiter.api.Test;

class WindowTest {

  @Test
  void sameFollowsTensorFlowsRule() {
    for (int size = 1; size <= 17; size++) {
      for (int kernel = 1; kernel <= 5; kernel++) {
        for (int stride = 1; stride <= 4; stride++) {
          Window.Geometry g = Window.square(kernel, stride, Padding.SAME).on(size, size);
          // TensorFlow: if size % stride == 0, total = max(kernel - stride, 0), else max(kernel -
          // size % stride, 0).
          int total = Math.max(kernel - (size % stride == 0 ? stride : size % stride), 0);
          assertThat(g.outHeight()).isEqualTo((int) Math.ceil(size / (double) stride));
          assertThat(g.top()).isEqualTo(total / 2);
          assertThat(g.left()).isEqualTo(total / 2);
        }
      }
    }
  }

  @Test
  void validCountsTheWindowsThatFit() {
    for (int size = 1; size <= 17; size++) {
      for (int kernel = 1; kernel <= size; kernel++) {
        for (int stride = 1; stride <= 4; stride++) {
          int fit = 0;
          for (int at = 0; at + kernel <= size; at += stride) {
            fit++;
          }
          Window.Geometry g = Window.square(kernel, stride, Padding.VALID).on(size, size);
          assertThat(g.outWidth()).isEqualTo(fit);
          assertThat(g.row(0)).isZero();
        }
      }
    }
  }

  @Test
  void everyInputPositionIsUnderSomeSameWindowOfAtLeastTheStride() {
    for (int size = 1; size <= 17; size++) {
      for (int kernel = 1; kernel <= 5; kernel++) {
        for (int stride = 1; stride <= kernel; stride++) {
          Window.Geometry g = Window.square(kernel, stride, Padding.SAME).on(size, 1);
          assertThat(g.row(0)).isLessThanOrEqualTo(0);
          assertThat(g.row(g.outHeight() - 1) + kernel).isGreaterThanOrEqualTo(size);
        }
      }
    }
  }

  @Test
  void explicitPaddingCountsOnItsOwnSide() {
    Window.Geometry g = new Window(3, 3, 2, 2, new Padding.Explicit(1, 0, 0, 2)).on(6, 6);
    assertThat(g.outHeight()).isEqualTo(3);
    assertThat(g.outWidth()).isEqualTo(3);
    assertThat(g.row(0)).isEqualTo(-1);
    assertThat(g.column(0)).isZero();
  }

  @Test
  void aWindowLargerThanTheImageIsRefused() {
    assertThatThrownBy(() -> Window.square(5, 1, Padding.VALID).on(4, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("height 5")
        .hasMessageContaining("height 4");
    assertThatThrownBy(() -> Window.square(0, 1, Padding.VALID)).hasMessageContaining("at least 1");
  }

  @Test
  void poolingOfNothingButPaddingIsRefused() {
    for (Padding.Explicit padding :
        new Padding.Explicit[] {
          new Padding.Explicit(2, 0, 0, 0),
          new Padding.Explicit(0, 3, 0, 0),
          new Padding.Explicit(0, 0, 2, 0),
          new Padding.Explicit(0, 0, 0, 3)
        }) {
      Window window = new Window(2, 3, 1, 1, padding);
      assertThatThrownBy(() -> new MaxPool2d(window))
          .hasMessageContainingAll("MaxPool2d of 2x3", "entirely in the padding");
      assertThatThrownBy(() -> new AvgPool2d(window, true))
          .hasMessageContainingAll("AvgPool2d of 2x3", "entirely in the padding");
    }
    new MaxPool2d(new Window(2, 3, 1, 1, new Padding.Explicit(1, 2, 1, 2)));
  }
}

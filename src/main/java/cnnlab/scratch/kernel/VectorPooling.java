package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.broadcast;
import static cnnlab.scratch.kernel.VectorMath.different;
import static cnnlab.scratch.kernel.VectorMath.load;
import static cnnlab.scratch.kernel.VectorMath.selectWhereClear;
import static cnnlab.scratch.kernel.VectorMath.selectWhereSet;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Pooling: fast paths for windows of 2x2 that do not overlap, and a general one of max pooling. */
final class VectorPooling {
  private VectorPooling() {}

  /** Whether windows are 2x2, do not overlap and lie on the image. */
  static boolean isPlain2x2(Window.Geometry g) {
    return g.kernelHeight() == 2
        && g.kernelWidth() == 2
        && g.strideHeight() == 2
        && g.strideWidth() == 2
        && g.top() == 0
        && g.left() == 0
        && 2 * g.outHeight() <= g.height()
        && 2 * g.outWidth() <= g.width();
  }

  /** One plane [H, W, L] at {@code in} to one [OH, OW, L] at {@code out}. */
  static void max(Window.Geometry g, float[] x, int in, float[] y, int out) {
    boolean plain = isPlain2x2(g);
    for (int i = 0; i < g.outHeight(); i++) {
      int target = out + i * g.outWidth() * L;
      if (plain) {
        int row = in + 2 * i * g.width() * L;
        max2x2(x, row, row + g.width() * L, y, target, g.outWidth());
      } else {
        for (int j = 0; j < g.outWidth(); j++) {
          maxWindow(g, x, in, i, j, y, target + j * L);
        }
      }
    }
  }

  private static void max2x2(float[] x, int upper, int lower, float[] y, int target, int count) {
    for (int j = 0; j < count; j++) {
      int at = 2 * j * L;
      load(x, upper + at)
          .max(load(x, upper + at + L))
          .max(load(x, lower + at).max(load(x, lower + at + L)))
          .intoArray(y, target + j * L);
    }
  }

  /** Means of one plane [H, W, L] at {@code in} to one [OH, OW, L] at {@code out}. */
  static void average2x2(Window.Geometry g, float[] x, int in, float[] y, int out) {
    for (int i = 0; i < g.outHeight(); i++) {
      int upper = in + 2 * i * g.width() * L;
      averageRow(x, upper, upper + g.width() * L, y, out + i * g.outWidth() * L, g.outWidth());
    }
  }

  private static void averageRow(float[] x, int upper, int lower, float[] y, int out, int count) {
    for (int j = 0; j < count; j++) {
      int at = 2 * j * L;
      // From 0, as the plain loop begins: a sum of −0 is then +0.
      broadcast(0)
          .add(load(x, upper + at))
          .add(load(x, upper + at + L))
          .add(load(x, lower + at))
          .add(load(x, lower + at + L))
          .div(4)
          .intoArray(y, out + j * L);
    }
  }

  /** The gradient of one plane [OH, OW, L] at {@code out} to one [H, W, L] at {@code in}. */
  static void average2x2Gradient(Window.Geometry g, float[] dy, int out, float[] dx, int in) {
    for (int i = 0; i < g.outHeight(); i++) {
      int upper = in + 2 * i * g.width() * L;
      int source = out + i * g.outWidth() * L;
      averageRowGradient(dy, source, dx, upper, upper + g.width() * L, g.outWidth());
    }
  }

  private static void averageRowGradient(
      float[] dy, int source, float[] dx, int upper, int lower, int count) {
    for (int j = 0; j < count; j++) {
      int at = 2 * j * L;
      FloatVector part = broadcast(0).add(load(dy, source + j * L).div(4));
      part.intoArray(dx, upper + at);
      part.intoArray(dx, upper + at + L);
      part.intoArray(dx, lower + at);
      part.intoArray(dx, lower + at + L);
    }
  }

  private static void maxWindow(
      Window.Geometry g, float[] x, int in, int i, int j, float[] y, int target) {
    boolean first = true;
    for (int row = top(g, i); row < bottom(g, i); row++) {
      for (int column = left(g, j); column < right(g, j); column++) {
        int at = in + (row * g.width() + column) * L;
        if (first) {
          load(x, at).intoArray(y, target);
          first = false;
        } else {
          load(y, target).max(load(x, at)).intoArray(y, target);
        }
      }
    }
  }

  /**
   * The tensors of a gradient; made once per call, not per plane.
   *
   * @param x input
   * @param y output
   * @param dy gradient of the output
   * @param dx gradient of the input
   */
  record Tensors(float[] x, float[] y, float[] dy, float[] dx) {}

  /** Adds the gradient of one plane to {@code dx}, which must hold zeros there. */
  static void gradient(Window.Geometry g, Tensors tensors, int in, int out) {
    boolean plain = isPlain2x2(g);
    for (int i = 0; i < g.outHeight(); i++) {
      int source = out + i * g.outWidth() * L;
      if (plain) {
        int row = in + 2 * i * g.width() * L;
        gradient2x2(tensors, row, row + g.width() * L, source, g.outWidth());
      } else {
        for (int j = 0; j < g.outWidth(); j++) {
          gradientWindow(g, tensors, in, i, j, source + j * L);
        }
      }
    }
  }

  /**
   * Each image's gradient goes to the first of the four that is the maximum; {@code rest} is the
   * gradient that has not found its place yet.
   */
  private static void gradient2x2(Tensors tensors, int upper, int lower, int source, int count) {
    float[] x = tensors.x;
    float[] y = tensors.y;
    float[] dy = tensors.dy;
    float[] dx = tensors.dx;
    for (int j = 0; j < count; j++) {
      int a = upper + 2 * j * L;
      int b = lower + 2 * j * L;
      FloatVector max = load(y, source + j * L);
      FloatVector rest = load(dy, source + j * L);
      IntVector not = different(load(x, a), max);
      selectWhereClear(rest, not).intoArray(dx, a);
      FloatVector rest1 = selectWhereSet(rest, not);
      IntVector not1 = different(load(x, a + L), max);
      selectWhereClear(rest1, not1).intoArray(dx, a + L);
      FloatVector rest2 = selectWhereSet(rest1, not1);
      IntVector not2 = different(load(x, b), max);
      selectWhereClear(rest2, not2).intoArray(dx, b);
      selectWhereSet(rest2, not2).intoArray(dx, b + L);
    }
  }

  private static void gradientWindow(
      Window.Geometry g, Tensors tensors, int in, int i, int j, int source) {
    float[] x = tensors.x;
    for (int l = 0; l < L; l++) {
      float max = tensors.y[source + l];
      int best = -1;
      for (int row = top(g, i); row < bottom(g, i) && best < 0; row++) {
        for (int column = left(g, j); column < right(g, j) && best < 0; column++) {
          int at = in + (row * g.width() + column) * L + l;
          best = Float.compare(x[at], max) == 0 ? at : -1;
        }
      }
      if (best >= 0) {
        tensors.dx[best] += tensors.dy[source + l];
      }
    }
  }

  private static int top(Window.Geometry g, int i) {
    return Math.max(g.row(i), 0);
  }

  private static int bottom(Window.Geometry g, int i) {
    return Math.min(g.row(i) + g.kernelHeight(), g.height());
  }

  private static int left(Window.Geometry g, int j) {
    return Math.max(g.column(j), 0);
  }

  private static int right(Window.Geometry g, int j) {
    return Math.min(g.column(j) + g.kernelWidth(), g.width());
  }
}

package cnnlab.augment.transform;

import java.nio.DoubleBuffer;

/**
 * An affine map of the plane in pixels, relative to the image's centre ((W-1)/2, (H-1)/2), with x
 * to the right and y down: (x, y) maps to (xx·x + xy·y + x0, yx·x + yy·y + y0). Mutable, so that a
 * pipeline creates no garbage.
 */
final class Affine {
  double xx = 1;
  double xy;
  double x0;
  double yx;
  double yy = 1;
  double y0;

  void reset() {
    xx = 1;
    xy = 0;
    x0 = 0;
    yx = 0;
    yy = 1;
    y0 = 0;
  }

  boolean isIdentity() {
    return xx == 1 && xy == 0 && x0 == 0 && yx == 0 && yy == 1 && y0 == 0;
  }

  /** Appends the given linear map. */
  void thenLinear(double a, double b, double c, double d) {
    double newXx = a * xx + b * yx;
    double newXy = a * xy + b * yy;
    double newX0 = a * x0 + b * y0;
    yx = c * xx + d * yx;
    yy = c * xy + d * yy;
    y0 = c * x0 + d * y0;
    xx = newXx;
    xy = newXy;
    x0 = newX0;
  }

  /** Appends a rotation about the centre, counter-clockwise for positive angles. */
  void thenRotate(double degrees) {
    double angle = Math.toRadians(degrees);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    thenLinear(cos, sin, -sin, cos);
  }

  /** Appends a shift by (dx, dy). */
  void thenShift(double dx, double dy) {
    x0 += dx;
    y0 += dy;
  }

  /** Replaces this map by its inverse. */
  void invert() {
    double determinant = xx * yy - xy * yx;
    double newXx = yy / determinant;
    double newXy = -xy / determinant;
    double newYx = -yx / determinant;
    double newYy = xx / determinant;
    double newX0 = -(newXx * x0 + newXy * y0);
    y0 = -(newYx * x0 + newYy * y0);
    x0 = newX0;
    xx = newXx;
    xy = newXy;
    yx = newYx;
    yy = newYy;
  }

  /** Moves the origin from the centre of the image to the centre of its first pixel. */
  void aboutCorner(int height, int width) {
    double cx = (width - 1) / 2.0;
    double cy = (height - 1) / 2.0;
    x0 += cx - xx * cx - xy * cy;
    y0 += cy - yx * cx - yy * cy;
  }

  /** Writes the two rows of the matrix as OpenCV has them. */
  void write(DoubleBuffer to) {
    to.put(0, xx).put(1, xy).put(2, x0).put(3, yx).put(4, yy).put(5, y0);
  }
}

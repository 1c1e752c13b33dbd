package cnnlab.augment.transform;

/** The axes along which a transform acts. */
public enum Axes {
  HORIZONTAL(true, false),
  VERTICAL(false, true),
  HORIZONTAL_AND_VERTICAL(true, true);

  private final boolean horizontal;
  private final boolean vertical;

  Axes(boolean horizontal, boolean vertical) {
    this.horizontal = horizontal;
    this.vertical = vertical;
  }

  boolean horizontal() {
    return horizontal;
  }

  boolean vertical() {
    return vertical;
  }
}

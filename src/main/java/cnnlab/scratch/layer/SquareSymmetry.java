package cnnlab.scratch.layer;

/**
 * The eight symmetries of the square, as integer matrices on offsets (row, column) from its centre:
 * element 4m + q is R^q · M^m, first m mirrorings M of left and right, then q quarter turns R
 * anticlockwise. Element 0 changes nothing.
 *
 * @param rowOfRow how the new row depends on the row: −1, 0 or 1
 * @param rowOfColumn how the new row depends on the column
 * @param columnOfRow how the new column depends on the row
 * @param columnOfColumn how the new column depends on the column
 */
public record SquareSymmetry(int rowOfRow, int rowOfColumn, int columnOfRow, int columnOfColumn) {
  /** How many there are. */
  public static final int COUNT = 8;

  private static final int TURNS = 4;
  private static final SquareSymmetry IDENTITY = new SquareSymmetry(1, 0, 0, 1);

  /** (row, column) to (−column, row): what was at the right is at the top. */
  private static final SquareSymmetry TURN = new SquareSymmetry(0, -1, 1, 0);

  private static final SquareSymmetry MIRROR = new SquareSymmetry(1, 0, 0, -1);
  private static final SquareSymmetry[] ALL = new SquareSymmetry[COUNT];

  static {
    for (int g = 0; g < COUNT; g++) {
      SquareSymmetry symmetry = g < TURNS ? IDENTITY : MIRROR;
      for (int turn = 0; turn < g % TURNS; turn++) {
        symmetry = TURN.after(symmetry);
      }
      ALL[g] = symmetry;
    }
  }

  /** Element g, from 0 to 7. */
  public static SquareSymmetry of(int g) {
    return ALL[g];
  }

  /** The number of this element, from 0 to 7. */
  public int index() {
    for (int g = 0; g < COUNT; g++) {
      if (ALL[g].equals(this)) {
        return g;
      }
    }
    throw new IllegalStateException(this + " is no symmetry of the square");
  }

  /** First {@code other}, then this: the product of the matrices. */
  public SquareSymmetry after(SquareSymmetry other) {
    return new SquareSymmetry(
        rowOfRow * other.rowOfRow + rowOfColumn * other.columnOfRow,
        rowOfRow * other.rowOfColumn + rowOfColumn * other.columnOfColumn,
        columnOfRow * other.rowOfRow + columnOfColumn * other.columnOfRow,
        columnOfRow * other.rowOfColumn + columnOfColumn * other.columnOfColumn);
  }

  /** The element that undoes this one: the transposed matrix. */
  public SquareSymmetry inverse() {
    return new SquareSymmetry(rowOfRow, columnOfRow, rowOfColumn, columnOfColumn);
  }

  /**
   * Where the values of a transformed square come from: the value at row · side + column of the new
   * square stood at that position of the old one.
   *
   * @param side rows and columns of the square, odd or even
   */
  public int[] sources(int side) {
    int[] sources = new int[side * side];
    SquareSymmetry back = inverse();
    for (int u = 0; u < side; u++) {
      for (int v = 0; v < side; v++) {
        // Twice the offset from the centre, which is a whole number for an even side too.
        int down = 2 * u - (side - 1);
        int across = 2 * v - (side - 1);
        int row = (back.rowOfRow * down + back.rowOfColumn * across + side - 1) / 2;
        int column = (back.columnOfRow * down + back.columnOfColumn * across + side - 1) / 2;
        sources[u * side + v] = row * side + column;
      }
    }
    return sources;
  }
}

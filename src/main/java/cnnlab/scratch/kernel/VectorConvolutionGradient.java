package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.load;
import static cnnlab.scratch.kernel.VectorMath.sumLanes;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The weight gradient of a convolution on a padded input, in blocks of four output channels by four
 * taps.
 *
 * <p>Each block reads what it needs from {@link Group} into local variables before its loop. The
 * loop itself uses plain arrays and ints only, so that JDK 17 keeps the accumulators in registers.
 */
final class VectorConvolutionGradient {
  /**
   * Positions of the output that one pass over the weight gradient takes: enough to hide the loads
   * of its accumulators.
   */
  private static final int TILE = 64;

  /** Output channels and taps of a block. */
  private static final int SIDE = 4;

  private VectorConvolutionGradient() {}

  /**
   * One group of images; made once per group, not per block.
   *
   * @param input the layout of the padded input
   * @param channels number of output channels
   * @param x the padded input, the group at {@code begin}
   * @param dy the gradient of the output, the group at {@code out}
   * @param sums working memory of {@link #sumsSize} values: the weight gradient of each image of a
   *     group
   */
  record Group(
      PaddedInput input, int channels, float[] x, int begin, float[] dy, int out, float[] sums) {}

  /**
   * Adds the weight gradient of some groups to {@code gradients}.
   *
   * <p>Large maps are taken in tiles: all weights over one tile of positions, then over the next,
   * because the tile stays in the cache. The sums of all weights and lanes must be kept for that.
   * Small maps have a single tile and often many weights, whose sums would not fit into the cache.
   * Each block of weights is then taken over all groups and added to the gradients at once. The
   * order of additions is the same.
   *
   * @param groups the groups; they share {@code sums}
   * @param gradients receives the weight gradient [channels, taps] at {@code begin}
   */
  static void add(List<Group> groups, float[] gradients, int begin) {
    Group first = groups.get(0);
    int taps = first.input.tapOffsets.length;
    int count = first.channels * taps;
    if (first.input.positionOffsets.length <= TILE) {
      addByBlocks(groups, gradients, begin);
      return;
    }
    Arrays.fill(first.sums, 0, count * L, 0);
    groups.forEach(VectorConvolutionGradient::addByTiles);
    for (int k = 0; k < count; k++) {
      gradients[begin + k] += sumLanes(first.sums, k * L);
    }
  }

  /** The number of values that {@link #add} needs in {@code sums}. */
  static int sumsSize(PaddedInput input, int channels) {
    return input.positionOffsets.length <= TILE
        ? SIDE * SIDE * L
        : channels * input.tapOffsets.length * L;
  }

  private static void addByBlocks(List<Group> groups, float[] gradients, int begin) {
    Group first = groups.get(0);
    float[] sums = first.sums;
    int positions = first.input.positionOffsets.length;
    int taps = first.input.tapOffsets.length;
    for (int o = 0; o < first.channels; o += SIDE) {
      int channels = Math.min(SIDE, first.channels - o);
      for (int t = 0; t < taps; t += SIDE) {
        int width = Math.min(SIDE, taps - t);
        Arrays.fill(sums, 0, SIDE * SIDE * L, 0);
        for (Group group : groups) {
          block(group, new Block(o, channels, t, width), 0, positions, 0, SIDE * L);
        }
        for (int i = 0; i < channels; i++) {
          for (int j = 0; j < width; j++) {
            gradients[begin + (o + i) * taps + t + j] += sumLanes(sums, (i * SIDE + j) * L);
          }
        }
      }
    }
  }

  private static void addByTiles(Group group) {
    int positions = group.input.positionOffsets.length;
    int taps = group.input.tapOffsets.length;
    for (int from = 0; from < positions; from += TILE) {
      int to = Math.min(from + TILE, positions);
      for (int o = 0; o < group.channels; o += SIDE) {
        int channels = Math.min(SIDE, group.channels - o);
        for (int t = 0; t < taps; t += SIDE) {
          int width = Math.min(SIDE, taps - t);
          block(group, new Block(o, channels, t, width), from, to, (o * taps + t) * L, taps * L);
        }
      }
    }
  }

  /** Weights: output channels o to o + channels - 1 and taps t to t + width - 1, at most 4 each. */
  private record Block(int o, int channels, int t, int width) {}

  /**
   * Adds some positions to the sums of a block of weights.
   *
   * @param s where the sums of the first weight are
   * @param next the distance from one output channel's sums to the next one's
   */
  private static void block(Group group, Block block, int from, int to, int s, int next) {
    if (block.channels == SIDE && block.width == SIDE) {
      block4x4(group, block.o, block.t, from, to, s, next);
      return;
    }
    for (int i = 0; i < block.channels; i++) {
      if (block.width == SIDE) {
        row4(group, block.o + i, block.t, from, to, s + i * next);
      } else {
        for (int j = 0; j < block.width; j++) {
          single(group, block.o + i, block.t + j, from, to, s + i * next + j * L);
        }
      }
    }
  }

  /** Output channels o to o + 3 and taps t to t + 3 over some positions. */
  private static void block4x4(Group group, int o, int t, int from, int to, int s, int next) {
    int[] offsets = group.input.positionOffsets;
    int[] taps = group.input.tapOffsets;
    float[] x = group.x;
    float[] dy = group.dy;
    float[] sums = group.sums;
    int plane = offsets.length * L;
    int y = group.out + o * plane;
    FloatVector s00 = load(sums, s), s01 = load(sums, s + L);
    FloatVector s02 = load(sums, s + 2 * L), s03 = load(sums, s + 3 * L);
    int s1 = s + next;
    FloatVector s10 = load(sums, s1), s11 = load(sums, s1 + L);
    FloatVector s12 = load(sums, s1 + 2 * L), s13 = load(sums, s1 + 3 * L);
    int s2 = s1 + next;
    FloatVector s20 = load(sums, s2), s21 = load(sums, s2 + L);
    FloatVector s22 = load(sums, s2 + 2 * L), s23 = load(sums, s2 + 3 * L);
    int s3 = s2 + next;
    FloatVector s30 = load(sums, s3), s31 = load(sums, s3 + L);
    FloatVector s32 = load(sums, s3 + 2 * L), s33 = load(sums, s3 + 3 * L);
    int x0 = group.begin + taps[t];
    int x1 = group.begin + taps[t + 1];
    int x2 = group.begin + taps[t + 2];
    int x3 = group.begin + taps[t + 3];
    for (int p = from; p < to; p++) {
      int at = offsets[p];
      int q = y + p * L;
      FloatVector v0 = load(x, x0 + at);
      FloatVector v1 = load(x, x1 + at);
      FloatVector v2 = load(x, x2 + at);
      FloatVector v3 = load(x, x3 + at);
      FloatVector y0 = load(dy, q);
      s00 = v0.fma(y0, s00);
      s01 = v1.fma(y0, s01);
      s02 = v2.fma(y0, s02);
      s03 = v3.fma(y0, s03);
      FloatVector y1 = load(dy, q + plane);
      s10 = v0.fma(y1, s10);
      s11 = v1.fma(y1, s11);
      s12 = v2.fma(y1, s12);
      s13 = v3.fma(y1, s13);
      FloatVector y2 = load(dy, q + 2 * plane);
      s20 = v0.fma(y2, s20);
      s21 = v1.fma(y2, s21);
      s22 = v2.fma(y2, s22);
      s23 = v3.fma(y2, s23);
      FloatVector y3 = load(dy, q + 3 * plane);
      s30 = v0.fma(y3, s30);
      s31 = v1.fma(y3, s31);
      s32 = v2.fma(y3, s32);
      s33 = v3.fma(y3, s33);
    }
    s00.intoArray(sums, s);
    s01.intoArray(sums, s + L);
    s02.intoArray(sums, s + 2 * L);
    s03.intoArray(sums, s + 3 * L);
    s10.intoArray(sums, s1);
    s11.intoArray(sums, s1 + L);
    s12.intoArray(sums, s1 + 2 * L);
    s13.intoArray(sums, s1 + 3 * L);
    s20.intoArray(sums, s2);
    s21.intoArray(sums, s2 + L);
    s22.intoArray(sums, s2 + 2 * L);
    s23.intoArray(sums, s2 + 3 * L);
    s30.intoArray(sums, s3);
    s31.intoArray(sums, s3 + L);
    s32.intoArray(sums, s3 + 2 * L);
    s33.intoArray(sums, s3 + 3 * L);
  }

  /** Output channel o and taps t to t + 3 over some positions. */
  private static void row4(Group group, int o, int t, int from, int to, int s) {
    int[] offsets = group.input.positionOffsets;
    int[] taps = group.input.tapOffsets;
    float[] x = group.x;
    float[] dy = group.dy;
    float[] sums = group.sums;
    int y = group.out + o * offsets.length * L;
    FloatVector s0 = load(sums, s), s1 = load(sums, s + L);
    FloatVector s2 = load(sums, s + 2 * L), s3 = load(sums, s + 3 * L);
    int x0 = group.begin + taps[t];
    int x1 = group.begin + taps[t + 1];
    int x2 = group.begin + taps[t + 2];
    int x3 = group.begin + taps[t + 3];
    for (int p = from; p < to; p++) {
      int at = offsets[p];
      FloatVector g = load(dy, y + p * L);
      s0 = load(x, x0 + at).fma(g, s0);
      s1 = load(x, x1 + at).fma(g, s1);
      s2 = load(x, x2 + at).fma(g, s2);
      s3 = load(x, x3 + at).fma(g, s3);
    }
    s0.intoArray(sums, s);
    s1.intoArray(sums, s + L);
    s2.intoArray(sums, s + 2 * L);
    s3.intoArray(sums, s + 3 * L);
  }

  private static void single(Group group, int o, int t, int from, int to, int s) {
    int[] offsets = group.input.positionOffsets;
    int[] taps = group.input.tapOffsets;
    float[] x = group.x;
    float[] dy = group.dy;
    float[] sums = group.sums;
    int y = group.out + o * offsets.length * L;
    FloatVector sum = load(sums, s);
    int tap = group.begin + taps[t];
    for (int p = from; p < to; p++) {
      sum = load(x, tap + offsets[p]).fma(load(dy, y + p * L), sum);
    }
    sum.intoArray(sums, s);
  }
}

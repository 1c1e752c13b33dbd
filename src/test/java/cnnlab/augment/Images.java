package cnnlab.augment;

import java.util.List;
import java.util.Map;

/** Small images and helpers to transform them. */
public final class Images {
  private Images() {}

  /** Values 0..255 as bytes. */
  public static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  public static int[] ints(byte[] values) {
    int[] out = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = values[i] & 0xFF;
    }
    return out;
  }

  /** Two soft blobs on black, [side, side, channels]. */
  public static byte[] blobs(int side, int channels) {
    byte[] out = new byte[side * side * channels];
    for (int i = 0; i < out.length; i++) {
      double x = (double) (i / channels % side) / side;
      double y = (double) (i / channels / side) / side;
      double first = Math.exp(-60 * ((x - 0.4) * (x - 0.4) + (y - 0.45) * (y - 0.45)));
      double second = Math.exp(-90 * ((x - 0.6) * (x - 0.6) + (y - 0.65) * (y - 0.65)));
      out[i] = (byte) Math.round(255 * Math.min(1, first + second / (1 + i % channels)));
    }
    return out;
  }

  /** A pipeline of one transform. */
  public static Pipeline pipeline(String name, Map<String, Object> parameters) {
    return Augmentation.of(List.of(Map.of(name, parameters))).pipeline();
  }

  public static byte[] apply(Pipeline pipeline, byte[] image, int h, int w, int c, long seed) {
    byte[] out = new byte[image.length];
    pipeline.apply(image, 0, h, w, c, seed, out, 0);
    return out;
  }

  /** Mean absolute difference in levels. */
  public static double difference(byte[] a, byte[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
    }
    return sum / a.length;
  }
}

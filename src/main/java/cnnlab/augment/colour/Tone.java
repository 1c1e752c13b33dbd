package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.augment.transform.MatTransform;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Changes of brightness and contrast: value v becomes gain·v + bias, rounded and clipped to 0..255.
 */
public abstract class Tone extends MatTransform {
  private static final int LEVELS = 256;

  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);
  private final double[] bias = new double[MAX_CHANNELS];
  private Mat table;
  private ByteBuffer tableBuffer;

  private Tone(Chance chance) {
    this.chance = chance;
  }

  @Override
  public final boolean apply(Mat in, Mat out, long imageSeed) {
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    int channels = in.channels();
    if (table == null || table.channels() != channels) {
      table = new Mat(1, LEVELS, in.type());
      tableBuffer = table.createBuffer();
    }
    double gain = draw(in, draws, bias);
    for (int v = 0, i = 0; v < LEVELS; v++) {
      for (int c = 0; c < channels; c++, i++) {
        tableBuffer.put(i, (byte) Math.max(0, Math.min(255, Math.round(gain * v + bias[c]))));
      }
    }
    opencv_core.LUT(in, table, out);
    return true;
  }

  /** Draws random values: returns the gain and fills in the bias of each channel. */
  abstract double draw(Mat in, ImageRandom random, double[] biases);

  /**
   * Adds one value to all pixels, uniform in ±delta of the range 0..255. Keras' {@code
   * RandomBrightness(f)} is {@code delta: f}.
   */
  public static final class Brightness extends Tone {
    private final double delta;

    public Brightness(double delta, Chance chance) {
      super(chance);
      this.delta = delta;
    }

    @Override
    double draw(Mat in, ImageRandom random, double[] biases) {
      Arrays.fill(biases, 255 * random.symmetric(delta));
      return 1;
    }
  }

  /**
   * Adds a separate value to each channel, uniform in ±delta of the range 0..255, like light of a
   * different colour. On grey images it is the same as {@link Brightness}.
   */
  public static final class ChannelShift extends Tone {
    private final double delta;

    public ChannelShift(double delta, Chance chance) {
      super(chance);
      this.delta = delta;
    }

    @Override
    double draw(Mat in, ImageRandom random, double[] biases) {
      for (int c = 0; c < in.channels(); c++) {
        biases[c] = 255 * random.symmetric(delta);
      }
      return 1;
    }
  }

  /**
   * Stretches each channel about its mean m: (v - m)·f + m, f uniform in 1 ± factor. Keras' {@code
   * RandomContrast(f)} is {@code factor: f}.
   */
  public static final class Contrast extends Tone {
    private final double factor;

    public Contrast(double factor, Chance chance) {
      super(chance);
      this.factor = factor;
    }

    @Override
    double draw(Mat in, ImageRandom random, double[] biases) {
      double gain = 1 + random.symmetric(factor);
      int channels = in.channels();
      int plane = in.rows() * in.cols();
      byte[] pixels = pixels(in);
      for (int c = 0; c < channels; c++) {
        long sum = 0;
        for (int i = c; i < pixels.length; i += channels) {
          sum += pixels[i] & 0xFF;
        }
        biases[c] = (1 - gain) * sum / plane;
      }
      return gain;
    }
  }
}

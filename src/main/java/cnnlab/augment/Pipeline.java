package cnnlab.augment;

import cnnlab.augment.transform.ImageRandom;
import cnnlab.augment.transform.MatTransform;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A compiled {@link Augmentation}, for one thread; also a DataVec {@code ImageTransform}. The
 * result depends only on the image and its seed. (OpenCV smooths the elastic noise in floating
 * point, with instructions that depend on the processor. Single values may therefore differ by one
 * level between processors.)
 */
public final class Pipeline extends MatTransform {
  private final List<MatTransform> stages;
  private Mat front;
  private Mat back;
  private ByteBuffer frontBuffer;
  private ByteBuffer backBuffer;

  public Pipeline(List<MatTransform> stages) {
    this.stages = List.copyOf(stages);
  }

  /** The number of stages; adjacent geometric transforms form one stage. */
  public int stages() {
    return stages.size();
  }

  /**
   * Transforms one image.
   *
   * @param pixels unsigned bytes [H, W, C] from {@code offset} on; not changed
   * @param offset the start of the image
   * @param h height H in pixels
   * @param w width W in pixels
   * @param c channels C, 1 to 4
   * @param seed the seed of all random numbers; see {@link ImageRandom#imageSeed}
   * @param out receives the result, [H, W, C] from {@code outOffset} on; may be {@code pixels}
   * @param outOffset the start of the result
   * @throws IllegalArgumentException when there are more than 4 channels, or a transform requires a
   *     square image and it is not
   * @throws IndexOutOfBoundsException when an image does not fit its array
   */
  public void apply(
      byte[] pixels, int offset, int h, int w, int c, long seed, byte[] out, int outOffset) {
    fit(h, w, c);
    int size = h * w * c;
    frontBuffer.put(0, pixels, offset, size);
    boolean inFront = true;
    for (MatTransform stage : stages) {
      if (stage.apply(inFront ? front : back, inFront ? back : front, seed)) {
        inFront = !inFront;
      }
    }
    (inFront ? frontBuffer : backBuffer).get(0, out, outOffset, size);
  }

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    byte[] pixels = new byte[in.rows() * in.cols() * in.channels()];
    in.data().get(pixels);
    apply(pixels, 0, in.rows(), in.cols(), in.channels(), imageSeed, pixels, 0);
    out.data().put(pixels);
    return true;
  }

  private void fit(int h, int w, int c) {
    if (front != null && front.rows() == h && front.cols() == w && front.channels() == c) {
      return;
    }
    if (h < 1 || w < 1 || c < 1 || c > MAX_CHANNELS) {
      throw new IllegalArgumentException(
          "an image of %dx%dx%d found (height x width x channels), 1 to %d channels expected"
              .formatted(h, w, c, MAX_CHANNELS));
    }
    int type = opencv_core.CV_MAKETYPE(opencv_core.CV_8U, c);
    front = new Mat(h, w, type);
    back = new Mat(h, w, type);
    frontBuffer = front.createBuffer();
    backBuffer = back.createBuffer();
  }
}

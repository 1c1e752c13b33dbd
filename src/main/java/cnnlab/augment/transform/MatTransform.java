package cnnlab.augment.transform;

import java.util.Random;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.transform.BaseImageTransform;

/**
 * A DataVec {@code ImageTransform} of 8-bit images that keeps size and channels. It can also be
 * called without DataVec's frames, from one OpenCV matrix to another, which creates no garbage;
 * frames cost more than most transforms (DataVec's flip of a 28x28 image takes 4.7 µs, OpenCV's 0.3
 * µs).
 *
 * <p>Transforms hold scratch memory, like those of DataVec, so an object must not be shared by
 * threads.
 */
public abstract class MatTransform extends BaseImageTransform<Mat> {
  /** OpenCV's border colours and tables have four channels. */
  public static final int MAX_CHANNELS = 4;

  static {
    // There is one pipeline per thread, so OpenCV's own threads would only compete with them.
    opencv_core.setNumThreads(1);
  }

  private byte[] scratch = new byte[0];

  public MatTransform() {
    converter = new OpenCVFrameConverter.ToMat();
  }

  /**
   * Transforms an image.
   *
   * @param in unsigned bytes [H, W, C], C at most 4, without gaps; not changed
   * @param out another matrix of the same size and type, receives the result
   * @param imageSeed the seed of all random numbers
   * @return false if the image is unchanged; {@code out} is then not written
   */
  public abstract boolean apply(Mat in, Mat out, long imageSeed);

  /**
   * The bytes of an image, in memory that the next call overwrites.
   *
   * @return unsigned bytes [H, W, C]
   */
  protected final byte[] pixels(Mat image) {
    int size = image.rows() * image.cols() * image.channels();
    if (scratch.length != size) {
      scratch = new byte[size];
    }
    image.data().get(scratch);
    return scratch;
  }

  /**
   * DataVec's entry point; uses one {@code long} of {@code random} as the image's seed.
   *
   * @return a new image, or null for null
   * @throws IllegalArgumentException when {@code random} is null or the image is not 8-bit
   */
  @Override
  protected final ImageWritable doTransform(ImageWritable image, Random random) {
    if (image == null) {
      return null;
    }
    if (random == null) {
      throw new IllegalArgumentException(
          getClass().getSimpleName()
              + ": no random numbers; call transform(image, random), or setRandom(random) first");
    }
    Mat given = converter.convert(image.getFrame());
    if (given.depth() != opencv_core.CV_8U || given.channels() > MAX_CHANNELS) {
      throw new IllegalArgumentException(
          "%s: %d channels of OpenCV depth %d found, 1 to %d of depth 0 (8 bits) expected: augment before normalising"
              .formatted(
                  getClass().getSimpleName(), given.channels(), given.depth(), MAX_CHANNELS));
    }
    Mat in = given.isContinuous() ? given : given.clone();
    Mat out = new Mat(in.rows(), in.cols(), in.type());
    if (!apply(in, out, random.nextLong())) {
      in.copyTo(out);
    }
    return new ImageWritable(converter.convert(out));
  }
}

package cnnlab.augment.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacv.OpenCVFrameConverter;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.transform.FlipImageTransform;
import org.junit.jupiter.api.Test;

class PixelTransformsTest {
  private static final int TRIALS = 4000;
  private static final byte[] FOUR = Images.bytes(1, 2, 3, 4);

  /** How often each outcome comes for the image 1 2 / 3 4. */
  private static Map<List<Integer>, Double> outcomes(String name, Map<String, Object> parameters) {
    Pipeline pipeline = Images.pipeline(name, parameters);
    Map<List<Integer>, Double> shares = new HashMap<>();
    for (int i = 0; i < TRIALS; i++) {
      long seed = ImageRandom.imageSeed(1, 1, i);
      int[] out = Images.ints(Images.apply(pipeline, FOUR, 2, 2, 1, seed));
      shares.merge(Arrays.stream(out).boxed().toList(), 1.0 / TRIALS, Double::sum);
    }
    return shares;
  }

  private static void assertEvenly(
      Map<List<Integer>, Double> shares, List<List<Integer>> expected) {
    assertThat(shares.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shares.values())
        .allSatisfy(share -> assertThat(share).isCloseTo(1.0 / expected.size(), within(0.03)));
  }

  @Test
  void flipsEachAxisHalfOfTheTime() {
    assertEvenly(
        outcomes("flip", Map.of("axes", "horizontal")),
        List.of(List.of(1, 2, 3, 4), List.of(2, 1, 4, 3)));
    assertEvenly(
        outcomes("flip", Map.of("axes", "vertical")),
        List.of(List.of(1, 2, 3, 4), List.of(3, 4, 1, 2)));
    assertEvenly(
        outcomes("flip", Map.of("axes", "horizontal_and_vertical")),
        List.of(
            List.of(1, 2, 3, 4), List.of(2, 1, 4, 3), List.of(3, 4, 1, 2), List.of(4, 3, 2, 1)));
  }

  @Test
  void flipsLikeDataVec() {
    byte[] image = Images.blobs(8, 3);
    OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat();
    List<byte[]> theirs =
        IntStream.of(0, 1, -1)
            .mapToObj(
                mode -> {
                  Mat mat = new Mat(8, 8, opencv_core.CV_8UC3);
                  mat.data().put(image);
                  ImageWritable flipped =
                      new FlipImageTransform(mode)
                          .transform(new ImageWritable(converter.convert(mat)));
                  byte[] out = new byte[image.length];
                  converter.convert(flipped.getFrame()).data().get(out);
                  return out;
                })
            .toList();
    Pipeline ours = Images.pipeline("flip", Map.of("axes", "horizontal_and_vertical"));
    List<byte[]> found =
        IntStream.range(0, 100).mapToObj(i -> Images.apply(ours, image, 8, 8, 3, i)).toList();
    for (byte[] flipped : theirs) {
      assertThat(found).anySatisfy(f -> assertThat(f).isEqualTo(flipped));
    }
  }

  @Test
  void quarterTurnsAndTranspositions() {
    assertEvenly(
        outcomes("quarterTurns", Map.of()),
        List.of(
            List.of(1, 2, 3, 4), List.of(3, 1, 4, 2), List.of(4, 3, 2, 1), List.of(2, 4, 1, 3)));
    assertEvenly(
        outcomes("transpose", Map.of()), List.of(List.of(1, 2, 3, 4), List.of(1, 3, 2, 4)));
  }

  @Test
  void refusesQuarterTurnsOfOblongImages() {
    for (String name : List.of("quarterTurns", "transpose")) {
      Pipeline pipeline = Images.pipeline(name, Map.of());
      assertThatThrownBy(() -> Images.apply(pipeline, FOUR, 1, 4, 1, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name)
          .hasMessageContaining("1x4");
    }
  }

  @Test
  void probabilityIsTheShareOfImages() {
    Map<List<Integer>, Double> shares =
        outcomes("flip", Map.of("axes", "horizontal", "probability", 0.3));
    assertThat(shares.get(List.of(2, 1, 4, 3))).isCloseTo(0.15, within(0.02));
  }

  @Test
  void addsOneBrightnessToAllPixelsWithinTheRange() {
    Pipeline pipeline = Images.pipeline("brightness", Map.of("delta", 0.2));
    byte[] image = Images.bytes(0, 60, 100, 255);
    int smallest = 255;
    int largest = -255;
    for (int i = 0; i < 2000; i++) {
      int[] out = Images.ints(Images.apply(pipeline, image, 2, 2, 1, ImageRandom.mix(i)));
      int added = out[1] - 60;
      assertThat(out)
          .containsExactly(Math.max(0, added), 60 + added, 100 + added, Math.min(255, 255 + added));
      smallest = Math.min(smallest, added);
      largest = Math.max(largest, added);
    }
    assertThat(smallest).isEqualTo(-51);
    assertThat(largest).isEqualTo(51);
  }

  @Test
  void contrastKeepsEachChannelsMean() {
    Pipeline pipeline = Images.pipeline("contrast", Map.of("factor", 0.5));
    // Two pixels of two channels: means 100 and 150.
    byte[] image = Images.bytes(80, 110, 120, 190);
    double least = 9;
    double most = 0;
    for (int i = 0; i < 2000; i++) {
      int[] out = Images.ints(Images.apply(pipeline, image, 1, 2, 2, ImageRandom.mix(i)));
      assertThat((out[0] + out[2]) / 2.0).isCloseTo(100, within(0.5));
      assertThat((out[1] + out[3]) / 2.0).isCloseTo(150, within(0.5));
      double gain = (out[3] - out[1]) / 80.0;
      assertThat((out[2] - out[0]) / 40.0).isCloseTo(gain, within(0.04));
      least = Math.min(least, gain);
      most = Math.max(most, gain);
    }
    assertThat(least).isCloseTo(0.5, within(0.02));
    assertThat(most).isCloseTo(1.5, within(0.02));
  }

  @Test
  void thicknessBlendsDilationAndErosion() {
    Pipeline pipeline = Images.pipeline("thickness", Map.of("amount", 0.8));
    byte[] dot = new byte[25];
    dot[12] = (byte) 200;
    int thicker = 0;
    long drift = 0;
    for (int i = 0; i < 2000; i++) {
      int[] out = Images.ints(Images.apply(pipeline, dot, 5, 5, 1, ImageRandom.mix(i)));
      int[] around = IntStream.range(0, 25).filter(p -> p != 12 && out[p] > 0).toArray();
      if (around.length > 0) {
        // One of the four 2x2 squares that contain the dot, all new pixels alike.
        thicker++;
        assertThat(out[12]).isEqualTo(200);
        assertThat(around).hasSize(3);
        assertThat(out[around[0]]).isEqualTo(out[around[2]]).isBetween(1, 160);
        drift += Arrays.stream(around).map(p -> p % 5 - 2).sum();
      } else {
        assertThat(out[12]).isBetween(40, 200);
      }
    }
    assertThat(thicker).isBetween(900, 1100);
    assertThat(drift / 2000.0).isCloseTo(0, within(0.1));
  }

  @Test
  void worksThroughTheDataVecInterface() {
    Pipeline pipeline = Images.pipeline("translate", Map.of("pixels", 2));
    byte[] image = Images.blobs(10, 1);
    Mat mat = new Mat(10, 10, opencv_core.CV_8UC1);
    mat.data().put(image);
    OpenCVFrameConverter.ToMat converter = new OpenCVFrameConverter.ToMat();
    ImageWritable writable = new ImageWritable(converter.convert(mat));
    ImageWritable moved = pipeline.transform(writable, new Random(5));
    byte[] found = new byte[100];
    converter.convert(moved.getFrame()).data().get(found);
    long seed = new Random(5).nextLong();
    assertThat(found).isEqualTo(Images.apply(pipeline, image, 10, 10, 1, seed));
    assertThat(found).isNotEqualTo(image);
    assertThatThrownBy(() -> pipeline.transform(writable))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no random numbers");
    ImageWritable floats =
        new ImageWritable(converter.convert(new Mat(10, 10, opencv_core.CV_32FC1)));
    assertThatThrownBy(() -> pipeline.transform(floats, new Random(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 bits");
  }
}

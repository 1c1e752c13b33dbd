package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.augment.transform.ImageRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.opencv.global.opencv_core;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class DeterminismTest {
  private static final Augmentation EVERYTHING =
      Augmentation.of(
          List.of(
              Map.of("rotate", Map.of("degrees", 15)),
              Map.of("shear", Map.of("factor", 0.3, "probability", 0.7)),
              Map.of("zoom", Map.of("factor", 0.2, "perAxis", 0.12)),
              Map.of("translate", Map.of("pixels", 2)),
              Map.of("elastic", Map.of("alpha", 60, "sigma", 5)),
              Map.of("thickness", Map.of("amount", 0.5)),
              Map.of("flip", Map.of("axes", "horizontal")),
              "quarterTurns",
              "transpose",
              Map.of("brightness", Map.of("delta", 0.1)),
              Map.of("contrast", Map.of("factor", 0.2))));

  private static final byte[] IMAGE = Images.blobs(28, 1);

  private static byte[] image(Pipeline pipeline, int index) {
    return Images.apply(pipeline, IMAGE, 28, 28, 1, ImageRandom.imageSeed(7, 3, index));
  }

  @Test
  void neitherOrderNorThreadsMatter() throws Exception {
    int count = 200;
    byte[][] expected = new byte[count][];
    Pipeline forward = EVERYTHING.pipeline();
    for (int i = 0; i < count; i++) {
      expected[i] = image(forward, i);
    }
    assertThat(Set.of(Arrays.hashCode(expected[0]), Arrays.hashCode(expected[1]))).hasSize(2);
    Pipeline backward = EVERYTHING.pipeline();
    for (int i = count - 1; i >= 0; i--) {
      assertThat(image(backward, i)).isEqualTo(expected[i]);
    }
    byte[][] found = new byte[count][];
    List<Thread> threads =
        IntStream.range(0, 3)
            .mapToObj(
                t ->
                    new Thread(
                        () -> {
                          Pipeline own = EVERYTHING.pipeline();
                          for (int i = t; i < count; i += 3) {
                            found[i] = image(own, i);
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(found).isDeepEqualTo(expected);
  }

  @Test
  void inPlaceAtAnOffsetAndAfterOtherSizes() {
    Pipeline pipeline = EVERYTHING.pipeline();
    byte[] expected = image(pipeline, 4);
    byte[] many = new byte[3 * 784];
    System.arraycopy(IMAGE, 0, many, 784, 784);
    Images.apply(pipeline, Images.blobs(40, 3), 40, 40, 3, 1);
    pipeline.apply(many, 784, 28, 28, 1, ImageRandom.imageSeed(7, 3, 4), many, 784);
    assertThat(Arrays.copyOfRange(many, 784, 1568)).isEqualTo(expected);
    assertThat(Arrays.copyOfRange(many, 0, 784)).containsOnly(0);
  }

  @Test
  void doesNotTouchGlobalRandomStreams() {
    Nd4j.getRandom().setSeed(42);
    float[] expectedFirst = Nd4j.rand(1, 10).toFloatVector();
    float[] expectedSecond = Nd4j.rand(1, 10).toFloatVector();
    long opencv = opencv_core.theRNG().state();
    Nd4j.getRandom().setSeed(42);
    Pipeline pipeline = EVERYTHING.pipeline();
    float[] first = Nd4j.rand(1, 10).toFloatVector();
    for (int i = 0; i < 20; i++) {
      image(pipeline, i);
    }
    float[] second = Nd4j.rand(1, 10).toFloatVector();
    assertThat(first).isEqualTo(expectedFirst);
    assertThat(second).isEqualTo(expectedSecond);
    assertThat(opencv_core.theRNG().state()).isEqualTo(opencv);
  }

  @Test
  void removingATransformDoesNotChangeTheOthers() {
    Map<String, Object> flip = Map.of("flip", Map.of("axes", "horizontal"));
    Map<String, Object> turn = Map.of("quarterTurns", Map.of());
    Pipeline both = Augmentation.of(List.of(turn, flip)).pipeline();
    Pipeline turnOnly = Augmentation.of(List.of(turn)).pipeline();
    Pipeline flipOnly = Augmentation.of(List.of(flip)).pipeline();
    for (int i = 0; i < 50; i++) {
      long seed = ImageRandom.imageSeed(1, 1, i);
      byte[] turned = Images.apply(turnOnly, IMAGE, 28, 28, 1, seed);
      assertThat(Images.apply(both, IMAGE, 28, 28, 1, seed))
          .isEqualTo(Images.apply(flipOnly, turned, 28, 28, 1, seed));
    }
  }

  @Test
  void imageSeedsDiffer() {
    Set<Long> seeds = new HashSet<>();
    for (int stream = 0; stream < 3; stream++) {
      for (int epoch = 0; epoch < 20; epoch++) {
        for (int index = 0; index < 200; index++) {
          seeds.add(ImageRandom.imageSeed(stream, epoch, index));
        }
      }
    }
    assertThat(seeds).hasSize(3 * 20 * 200);
    assertThat(ImageRandom.imageSeed(1, 2, -1)).isNotEqualTo(ImageRandom.imageSeed(1, 1, -1));
  }

  @Test
  void splitMix64AsPublished() {
    // The reference implementation's first outputs for the seed 1234567 (prng.di.unimi.it).
    ImageRandom random = new ImageRandom(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
  }
}

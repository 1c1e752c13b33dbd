package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.augment.AugmentedBatches.Options;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.Batch;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.PlainBatches;
import cnnlab.data.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AugmentedBatchesTest {
  private static final ImageSet SET = set(3, 12, 12);

  private static final Augmentation AUGMENTATION =
      Augmentation.of(
          List.of(
              Map.of("rotate", Map.of("degrees", 15)),
              Map.of("elastic", Map.of("alpha", 30, "sigma", 4)),
              Map.of("flip", Map.of("axes", "horizontal"))));

  /** Seven images, shifted by one position in every epoch. */
  private static final EpochOrder ORDER =
      epoch -> new int[] {epoch % 7, (epoch + 1) % 7, 5, 3, (epoch + 4) % 7, 0, 6};

  private static ImageSet set(int channels, int height, int width) {
    byte[] pixels = new byte[7 * channels * height * width];
    new Random(1).nextBytes(pixels);
    return new ImageSet(
        "noise", channels, height, width, 2, pixels, new int[] {0, 1, 1, 0, 1, 0, 0});
  }

  private static Options options(int threads, int ahead) {
    return options(threads, ahead, 0);
  }

  private static Options options(int threads, int ahead, int done) {
    return new Options(5, 3, 99, threads, ahead, done);
  }

  private static List<Batch> all(int threads, int ahead) {
    List<Batch> out = new ArrayList<>();
    try (AugmentedBatches batches =
        new AugmentedBatches(
            SET, Targets.oneHot(SET), AUGMENTATION, ORDER, options(threads, ahead))) {
      while (batches.hasNext()) {
        out.add(batches.next());
      }
      assertThat(batches.dataWaitFraction()).isBetween(0.0, 1.0);
      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
    return out;
  }

  @Test
  void resultsDoNotDependOnThreads() {
    List<Batch> inline = all(0, 1);
    assertThat(inline).hasSize(5 * 3);
    assertThat(inline.get(0).x()).hasSize(3 * SET.imageSize());
    assertThat(inline.get(2).x()).hasSize(SET.imageSize());
    for (int threads = 1; threads <= 3; threads++) {
      for (int ahead : new int[] {1, 4, 100}) {
        List<Batch> found = all(threads, ahead);
        assertThat(found).hasSameSizeAs(inline);
        for (int i = 0; i < found.size(); i++) {
          assertSame(found.get(i), inline.get(i));
        }
      }
    }
  }

  @Test
  void skipsCompletedEpochs() {
    List<Batch> whole = all(0, 1);
    for (int threads = 0; threads < 2; threads++) {
      try (AugmentedBatches rest =
          new AugmentedBatches(
              SET, Targets.oneHot(SET), AUGMENTATION, ORDER, options(threads, 4, 3))) {
        for (int i = 3 * 3; i < whole.size(); i++) {
          assertSame(rest.next(), whole.get(i));
        }
        assertThat(rest.hasNext()).isFalse();
      }
      try (AugmentedBatches none =
          new AugmentedBatches(
              SET, Targets.oneHot(SET), AUGMENTATION, ORDER, options(threads, 4, 5))) {
        assertThat(none.hasNext()).isFalse();
      }
    }
    assertThatThrownBy(() -> options(0, 1, 6)).hasMessageContaining("done 6");
  }

  @Test
  void imagesAreThoseOfThePipeline() {
    float[] first = all(0, 1).get(3).x(); // the first batch of epoch 2: images 2, 3, 5
    byte[] out = new byte[SET.imageSize()];
    long seed = ImageRandom.imageSeed(99, 2, 3);
    AUGMENTATION.pipeline().apply(SET.pixels(), 3 * SET.imageSize(), 12, 12, 3, seed, out, 0);
    ImageSet one = new ImageSet("one", 3, 12, 12, 2, out, new int[1]);
    float[] expected = one.batch(new int[] {0}, 0, 1);
    assertThat(Arrays.copyOfRange(first, SET.imageSize(), 2 * SET.imageSize())).isEqualTo(expected);
  }

  @Test
  void augmentsRepeatedImagesDifferently() {
    try (AugmentedBatches batches =
        new AugmentedBatches(
            SET,
            Targets.oneHot(SET),
            AUGMENTATION,
            epoch -> new int[] {3, 3, 5},
            new Options(1, 3, 99, 0, 1, 0))) {
      float[] batch = batches.next().x();
      int size = SET.imageSize();
      assertThat(Arrays.copyOfRange(batch, size, 2 * size))
          .isNotEqualTo(Arrays.copyOfRange(batch, 0, size));
    }
  }

  @Test
  void equalsPlainBatchesWithoutAugmentation() {
    PlainBatches plain = new PlainBatches(SET, ORDER, 3, 2);
    try (AugmentedBatches batches =
        new AugmentedBatches(
            SET, Targets.oneHot(SET), Augmentation.NONE, ORDER, options(2, 2, 2))) {
      while (batches.hasNext()) {
        assertSame(batches.next(), plain.next());
      }
    }
    assertThat(plain.next().epoch()).isEqualTo(6);
  }

  /** Images and targets stay in step. */
  @Test
  void targetsAreThoseOfTheImages() {
    PlainBatches plain = new PlainBatches(SET, ORDER, 3, 0);
    for (Batch batch : all(1, 4)) {
      assertThat(batch.y()).isEqualTo(plain.next().y());
    }
  }

  private static void assertSame(Batch found, Batch expected) {
    assertThat(found.epoch()).isEqualTo(expected.epoch());
    assertThat(found.size()).isEqualTo(expected.size());
    assertThat(found.x()).isEqualTo(expected.x());
    assertThat(found.y()).isEqualTo(expected.y());
  }

  @Test
  void passesErrorsToTheConsumerAndEndsTheThreads() throws InterruptedException {
    Augmentation needsSquares = Augmentation.of(List.of("transpose"));
    for (int threads = 0; threads < 2; threads++) {
      ImageSet set = set(1, 4, 6);
      AugmentedBatches batches =
          new AugmentedBatches(set, Targets.oneHot(set), needsSquares, ORDER, options(threads, 2));
      assertThatThrownBy(batches::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("transpose")
          .hasCauseInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(batches::next).hasMessage("the batches are closed");
    }
    assertThat(running()).isZero();
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    AugmentedBatches batches =
        new AugmentedBatches(
            SET, Targets.oneHot(SET), AUGMENTATION, ORDER, new Options(100_000, 3, 1, 2, 50, 0));
    batches.next();
    batches.close();
    batches.close();
    assertThat(running()).isZero();
    assertThatThrownBy(batches::next).isInstanceOf(IllegalStateException.class);
  }

  /** A pool counts a thread as ended slightly before it has; this waits for it. */
  private static long running() throws InterruptedException {
    long running = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("augment-")) {
        thread.join(10_000);
        running += thread.isAlive() ? 1 : 0;
      }
    }
    return running;
  }

  @Test
  void interruptionEndsTheWait() {
    try (AugmentedBatches batches =
        new AugmentedBatches(SET, Targets.oneHot(SET), AUGMENTATION, ORDER, options(1, 2))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(batches::next).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void refusesImpossibleOrders() {
    assertThatThrownBy(
            () ->
                new AugmentedBatches(
                    SET, Targets.oneHot(SET), AUGMENTATION, epoch -> new int[] {7}, options(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("image 7 found, 0 to 6 expected");
    try (AugmentedBatches batches =
        new AugmentedBatches(
            SET, Targets.oneHot(SET), AUGMENTATION, epoch -> new int[0], options(0, 2))) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("epoch 1 has no images");
    }
    assertThatThrownBy(() -> new Options(1, 0, 1, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package cnnlab.augment;

import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.Batch;
import cnnlab.data.BatchSource;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.Targets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches of augmented images for all epochs, prepared a few batches ahead in background threads.
 * The batches are the same for any number of threads, including none: every image depends only on
 * (seed, epoch, index) and on how often it has already occurred in the epoch. For one consumer
 * thread.
 */
public final class AugmentedBatches implements BatchSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AugmentedBatches.class);
  private static final int CLOSE_SECONDS = 10;
  private static final float[] NORMALISED = new float[256];

  static {
    for (int v = 0; v < NORMALISED.length; v++) {
      NORMALISED[v] = ImageSet.normalise(v);
    }
  }

  private final ImageSet set;
  private final Targets targets;
  private final Augmentation augmentation;
  private final EpochOrder order;
  private final Options options;

  /** Idle pipelines; a batch takes one and returns it, so that no two threads share one. */
  private final Queue<Pipeline> pipelines = new ConcurrentLinkedQueue<>();

  /** Null when batches are computed by the consumer. */
  private final ExecutorService workers;

  private final Deque<Future<Batch>> ahead = new ArrayDeque<>();

  // The start of the next batch to prepare.
  private int epoch;
  private int[] indices;
  private int[] occurrences;
  private int from;

  private boolean closed;
  private long firstNext;
  private long lastNext;
  private long waited;

  /**
   * The settings.
   *
   * @param epochs number of epochs, at least 0
   * @param batchSize images per batch, at least 1; the last of an epoch may be smaller
   * @param seed the seed of the augmentation stream, such as {@code Seeds.derive(seed, "augment")}
   * @param threads number of background threads; with 0, or on a machine with one core, each batch
   *     is computed when it is requested
   * @param ahead upper limit on the batches that are ready or in preparation, at least 1
   * @param done epochs that a resumed training has completed and that are skipped; at least 0, at
   *     most {@code epochs}
   */
  public record Options(int epochs, int batchSize, long seed, int threads, int ahead, int done) {
    /**
     * @throws IllegalArgumentException when a number is out of range
     */
    public Options {
      if (epochs < 0 || batchSize < 1 || threads < 0 || ahead < 1 || done < 0 || done > epochs) {
        throw new IllegalArgumentException(
            "epochs %d, batchSize %d, threads %d, ahead %d, done %d found; at least 0, 1, 0, 1, 0 expected, and done at most epochs"
                .formatted(epochs, batchSize, threads, ahead, done));
      }
    }
  }

  /**
   * Starts preparing immediately: {@code order} is called once for each epoch, some batches in
   * advance. An image that occurs several times in an epoch is augmented differently each time.
   */
  public AugmentedBatches(
      ImageSet set, Targets targets, Augmentation augmentation, EpochOrder order, Options options) {
    this.set = set;
    this.targets = targets;
    this.augmentation = augmentation;
    this.order = order;
    this.options = options;
    this.epoch = options.done();
    boolean inline = options.threads() == 0 || Runtime.getRuntime().availableProcessors() == 1;
    workers = inline ? null : Executors.newFixedThreadPool(options.threads(), workerNames());
    if (workers != null) {
      fill();
    }
  }

  private static ThreadFactory workerNames() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "augment-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Whether there is another batch. */
  public boolean hasNext() {
    return !ahead.isEmpty() || hasMore();
  }

  /**
   * The next batch, in the order of the epochs.
   *
   * @return images normalised from [0, 255] to [-1, 1] by 2x/255 − 1, and their targets
   * @throws NoSuchElementException after the last batch of the last epoch
   * @throws IllegalStateException after {@link #close}, or when a batch could not be prepared; then
   *     the cause is attached and the batches are closed
   * @throws IllegalArgumentException when the order contains an index outside the set
   * @throws CancellationException when the thread is interrupted
   */
  @Override
  public Batch next() {
    if (closed) {
      throw new IllegalStateException("the batches are closed");
    }
    if (!hasNext()) {
      throw new NoSuchElementException(
          "all batches of %d epochs have been taken".formatted(options.epochs()));
    }
    long start = System.nanoTime();
    if (firstNext == 0) {
      firstNext = start;
    }
    Batch batch;
    if (workers == null) {
      batch = run(task());
      waited += System.nanoTime() - start;
    } else {
      Future<Batch> first = ahead.remove();
      boolean ready = first.isDone();
      batch = await(first);
      waited += ready ? 0 : System.nanoTime() - start;
      fill();
    }
    lastNext = System.nanoTime();
    return batch;
  }

  /**
   * The fraction of the time between the first and the latest call of {@link #next} in which
   * training waited for a batch, in [0, 1]. Without background threads this is the time to compute
   * the batches. (With as many trainings as cores, background threads slow the trainings down; that
   * is not waiting and is not included.)
   */
  public double dataWaitFraction() {
    return lastNext == firstNext ? 0 : (double) waited / (lastNext - firstNext);
  }

  /** Stops the background threads and waits until they end; the remaining batches are discarded. */
  @Override
  public void close() {
    closed = true;
    ahead.clear();
    if (workers == null) {
      return;
    }
    workers.shutdownNow();
    try {
      // A batch in preparation is completed first, which takes milliseconds.
      if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("augmentation threads are still running after {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill() {
    while (ahead.size() < options.ahead() && hasMore()) {
      ahead.add(workers.submit(task()));
    }
  }

  private boolean hasMore() {
    return indices != null && from < indices.length || epoch < options.epochs();
  }

  /** The task that prepares the next batch. */
  private Callable<Batch> task() {
    if (indices == null || from == indices.length) {
      epoch++;
      indices = order.indices(epoch).clone();
      from = 0;
      check();
      count();
    }
    int[] images = indices;
    int[] times = occurrences;
    int first = from;
    int last = Math.min(first + options.batchSize(), images.length);
    int thisEpoch = epoch;
    from = last;
    return () -> compute(images, times, first, last, thisEpoch);
  }

  /** Counts how often each image has already occurred in its epoch. */
  private void count() {
    Map<Integer, Integer> times = new HashMap<>();
    occurrences = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      occurrences[i] = times.merge(indices[i], 1, Integer::sum) - 1;
    }
  }

  private void check() {
    if (indices.length == 0) {
      throw new IllegalArgumentException("epoch %d has no images".formatted(epoch));
    }
    for (int index : indices) {
      if (index < 0 || index >= set.count()) {
        throw new IllegalArgumentException(
            "epoch %d: image %d found, 0 to %d expected (%s)"
                .formatted(epoch, index, set.count() - 1, set.name()));
      }
    }
  }

  private Batch compute(int[] images, int[] times, int first, int last, int thisEpoch) {
    int plane = set.height() * set.width();
    int size = set.imageSize();
    Pipeline pipeline = pipelines.poll();
    if (pipeline == null) {
      pipeline = augmentation.pipeline();
    }
    byte[] image = new byte[size];
    float[] batch = new float[(last - first) * size];
    for (int i = first; i < last; i++) {
      long seed = ImageRandom.imageSeed(options.seed(), thisEpoch, images[i], times[i]);
      pipeline.apply(
          set.pixels(),
          images[i] * size,
          set.height(),
          set.width(),
          set.channels(),
          seed,
          image,
          0);
      int to = (i - first) * size;
      for (int c = 0; c < set.channels(); c++) {
        for (int p = 0, k = c; p < plane; p++, k += set.channels()) {
          batch[to++] = NORMALISED[image[k] & 0xFF];
        }
      }
    }
    pipelines.add(pipeline);
    return new Batch(thisEpoch, batch, targets.of(images, first, last), last - first);
  }

  private Batch run(Callable<Batch> task) {
    try {
      return task.call();
    } catch (Exception e) {
      throw failed(e);
    }
  }

  private Batch await(Future<Batch> batch) {
    try {
      if (Thread.interrupted()) {
        // A batch that is ready would be returned without checking for interruption.
        throw new InterruptedException();
      }
      return batch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      CancellationException cancelled =
          new CancellationException("interrupted while waiting for a batch");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    }
  }

  private IllegalStateException failed(Throwable cause) {
    close();
    return new IllegalStateException("preparing a batch failed: " + cause.getMessage(), cause);
  }
}

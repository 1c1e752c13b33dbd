package cnnlab.explorer;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Pipeline;
import cnnlab.augment.Preprocessing;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.config.Checks;
import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.data.Datasets;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.Seeds;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.inference.Evaluation;
import cnnlab.inference.ModelRecord;
import cnnlab.inference.PixelScale;
import cnnlab.model.TrainableGraphs;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Enums;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A training that can be watched: one batch, one epoch, or on until it is paused. There is one at a
 * time; a new one replaces it. Thread-safe.
 */
public final class LiveTraining implements AutoCloseable {
  private static final int VALIDATION_IMAGES = 500;
  private static final long EVENT_NANOS = 150_000_000L;

  private final Datasets datasets;
  private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();
  private Trained current;
  private Mnist mnist;
  private PatchCamelyon patches;

  /**
   * What to train.
   *
   * @param network the network
   * @param images number of training images; 0 for all
   * @param engine the engine that trains
   * @param optimiser the optimiser
   * @param learningRate constant
   * @param batchSize images per step
   * @param augmentation whether training images are rotated, zoomed and shifted a little (digits),
   *     or flipped and transposed (patches)
   * @param seed of all random streams
   */
  public record Settings(
      Kind network,
      int images,
      EngineKind engine,
      Optimiser optimiser,
      double learningRate,
      int batchSize,
      boolean augmentation,
      long seed) {
    private static final int MOST_BATCH = 4096;
    private static final double MOST_RATE = 10;

    /**
     * @throws IllegalArgumentException when a number is out of range
     */
    public Settings {
      Checks.atLeast("images", images, 0);
      Checks.require(
          batchSize >= 1 && batchSize <= MOST_BATCH, "batchSize", batchSize, "1 to 4,096");
      Checks.require(
          learningRate > 0 && learningRate <= MOST_RATE,
          "learningRate",
          learningRate,
          "greater than 0, at most 10");
    }
  }

  /**
   * Where the training is.
   *
   * @param epoch the present epoch, from 1
   * @param step steps in all
   * @param batch batches done in this epoch
   * @param batches batches of an epoch
   * @param loss the mean loss of this epoch's batches; null before the first step
   * @param validationLoss the loss on validation images after the last evaluation, or null
   * @param validationAccuracy likewise, in [0, 1], or null
   * @param running whether it goes on by itself
   * @param imagesPerSecond training speed, or null
   * @param problem why it stopped, or empty
   */
  public record State(
      int epoch,
      int step,
      int batch,
      int batches,
      Double loss,
      Double validationLoss,
      Double validationAccuracy,
      boolean running,
      Double imagesPerSecond,
      String problem) {}

  LiveTraining(Datasets datasets) {
    this.datasets = datasets;
  }

  /** Whether there is a training. */
  public synchronized boolean exists() {
    return current != null;
  }

  /**
   * Makes a new training, paused before its first step.
   *
   * @throws cnnlab.data.file.DataException when its data set is missing
   */
  public synchronized State create(Settings settings) {
    Trained made = new Trained(settings, data(settings.network()));
    if (current != null) {
      current.end();
    }
    current = made;
    made.thread.start();
    return made.state();
  }

  private Data data(Kind network) {
    if (network == Kind.TASK3) {
      if (patches == null) {
        patches =
            PatchCamelyon.load(datasets, new PatchCamelyon.Options(0, 1, PatchCamelyon.CENTRE));
      }
      return new Data(
          patches.train(), patches.validation(), ModelRecord.Images.patches(patches, List.of()));
    }
    if (mnist == null) {
      mnist = Mnist.load(datasets);
    }
    return new Data(mnist.train(), mnist.train(), ModelRecord.Images.digits(List.of()));
  }

  private record Data(ImageSet train, ImageSet validation, ModelRecord.Images images) {}

  private synchronized Trained training() {
    if (current == null) {
      throw new Explorer.UnknownException("there is no training yet; create one first");
    }
    return current;
  }

  /** What to do. */
  public enum Action {
    /** Go on until paused. */
    RUN,
    /** Stop after the present batch. */
    PAUSE,
    /** One batch. */
    STEP,
    /** To the end of the epoch. */
    EPOCH
  }

  /** Steers the training. */
  public State steer(Action action) {
    return training().steer(action);
  }

  /** Where it is. */
  public State state() {
    return training().state();
  }

  /** Tells a listener every state, at most some times a second, on the training's thread. */
  public void listen(Consumer<State> listener) {
    listeners.add(listener);
  }

  /** Ends {@link #listen}. */
  public void leave(Consumer<State> listener) {
    listeners.remove(listener);
  }

  /** The network with its present weights. */
  Subject subject() {
    return training().subject();
  }

  /**
   * Keeps the present weights as a run.
   *
   * @return the run directory, for people
   */
  public Path keep() throws IOException {
    return training().keep();
  }

  @Override
  public synchronized void close() {
    if (current != null) {
      current.end();
      current = null;
    }
  }

  /** One training and its thread. */
  private final class Trained {
    private final Settings settings;
    private final Data data;
    private final ComputationGraph graph;
    private final Shape shape;
    private final Engine engine;
    private final Pipeline pipeline;
    private final int[] train;
    private final int[] validation;
    private final EpochOrder order;
    private final Thread thread = new Thread(this::work, "live training");

    /** Held while weights change or are read; fair, so that pages get their turn. */
    private final ReentrantLock weights = new ReentrantLock(true);

    private final List<State> history = new ArrayList<>();

    private int[] epochIndices = {};
    private int epoch;
    private int done;
    private int step;
    private double lossSum;
    private Evaluation evaluated;
    private double seconds;
    private long trainedImages;
    private String problem = "";

    private long wanted;
    private boolean ended;

    Trained(Settings settings, Data data) {
      this.settings = settings;
      this.data = data;
      ImageSet set = data.train();
      this.shape = new Shape(set.channels(), set.height(), set.width());
      boolean separate = data.validation() != set;
      int[] all =
          EpochOrder.shuffled(
                  IntStream.range(0, set.count()).toArray(),
                  Seeds.derive(settings.seed(), "choice"))
              .indices(1);
      int held = separate ? 0 : VALIDATION_IMAGES;
      int count =
          settings.images() == 0
              ? all.length - held
              : Math.min(settings.images(), all.length - held);
      this.train = IntStream.range(held, held + count).map(i -> all[i]).toArray();
      this.validation =
          separate
              ? IntStream.range(0, Math.min(VALIDATION_IMAGES, data.validation().count())).toArray()
              : IntStream.range(0, held).map(i -> all[i]).toArray();
      this.order = EpochOrder.shuffled(train, Seeds.derive(settings.seed(), "shuffle"));
      this.graph =
          TrainableGraphs.create(
              settings.network(),
              Seeds.derive(settings.seed(), "initialisation"),
              settings.optimiser(),
              settings.learningRate());
      this.engine =
          Engines.training(
              settings.engine(),
              graph,
              shape,
              Engines.Training.withDefaults(
                  settings.batchSize(), Seeds.derive(settings.seed(), "dropout")),
              Engines.threads(0));
      this.pipeline = Augmentation.of(augmentation()).pipeline();
      thread.setDaemon(true);
    }

    private List<Object> augmentation() {
      if (!settings.augmentation()) {
        return List.of();
      }
      return settings.network() == Kind.TASK3
          ? List.of(Map.of("flip", Map.of("axes", "horizontal_and_vertical")), "transpose")
          : List.of(
              Map.of("rotate", Map.of("degrees", 15)),
              Map.of("zoom", Map.of("factor", 0.1)),
              Map.of("translate", Map.of("pixels", 2)));
    }

    private int batches() {
      return (train.length + settings.batchSize() - 1) / settings.batchSize();
    }

    synchronized State state() {
      int batch = (done + settings.batchSize() - 1) / settings.batchSize();
      return new State(
          Math.max(1, epoch),
          step,
          batch,
          batches(),
          done == 0 ? null : Double.valueOf(lossSum / done),
          evaluated == null ? null : Double.valueOf(evaluated.loss()),
          evaluated == null ? null : Double.valueOf(evaluated.accuracy()),
          wanted > 0,
          seconds == 0 ? null : Double.valueOf(trainedImages / seconds),
          problem);
    }

    synchronized State steer(Action action) {
      if (!problem.isEmpty()) {
        throw new Explorer.UnknownException("the training has ended: " + problem);
      }
      int left =
          (train.length - done % train.length + settings.batchSize() - 1) / settings.batchSize();
      wanted =
          switch (action) {
            case RUN -> Long.MAX_VALUE;
            case PAUSE -> 0;
            case STEP -> 1;
            case EPOCH -> left;
          };
      notifyAll();
      return state();
    }

    synchronized void end() {
      ended = true;
      notifyAll();
    }

    private synchronized boolean awaitTurn() throws InterruptedException {
      while (wanted == 0 && !ended) {
        wait();
      }
      return !ended;
    }

    private void work() {
      try (engine) {
        long told = 0;
        while (awaitTurn()) {
          boolean epochEnds = batch();
          State now = state();
          if (epochEnds || !now.running() || System.nanoTime() - told > EVENT_NANOS) {
            evaluate();
            now = state();
            tell(now);
            told = System.nanoTime();
          }
          if (epochEnds) {
            remember(now);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        fail(String.valueOf(e.getMessage()));
      }
    }

    private synchronized void remember(State state) {
      history.add(state);
    }

    private synchronized List<State> history() {
      return List.copyOf(history);
    }

    private synchronized void fail(String why) {
      problem = why;
      wanted = 0;
      State last = state();
      tell(last);
    }

    /** One batch; returns whether it was the epoch's last. */
    private boolean batch() {
      if (done == epochIndices.length) {
        synchronized (this) {
          epoch++;
          epochIndices = order.indices(epoch);
          done = 0;
          lossSum = 0;
        }
      }
      int size = Math.min(settings.batchSize(), epochIndices.length - done);
      float[] x = images(size);
      float[] y = data.train().oneHot(epochIndices, done, done + size);
      long start = System.nanoTime();
      double loss;
      weights.lock();
      try {
        loss = engine.trainBatch(x, y, size);
      } finally {
        weights.unlock();
      }
      synchronized (this) {
        seconds += (System.nanoTime() - start) / 1e9;
        trainedImages += size;
        done += size;
        step++;
        lossSum += loss * size;
        wanted = wanted == Long.MAX_VALUE || wanted == 0 ? wanted : wanted - 1;
      }
      if (!Double.isFinite(loss)) {
        fail("the loss is %s; choose a smaller learning rate".formatted(loss));
      }
      return done == epochIndices.length;
    }

    private float[] images(int size) {
      ImageSet set = data.train();
      if (!settings.augmentation()) {
        return set.batch(epochIndices, done, done + size);
      }
      int each = set.imageSize();
      float[] x = new float[size * each];
      byte[] changed = new byte[each];
      long stream = Seeds.derive(settings.seed(), "augmentation");
      for (int i = 0; i < size; i++) {
        int index = epochIndices[done + i];
        pipeline.apply(
            set.pixels(),
            index * each,
            set.height(),
            set.width(),
            set.channels(),
            ImageRandom.imageSeed(stream, epoch, index),
            changed,
            0);
        System.arraycopy(
            PixelScale.SYMMETRIC.apply(changed, 1, set.channels()), 0, x, i * each, each);
      }
      return x;
    }

    private void evaluate() {
      Evaluation found;
      weights.lock();
      try {
        found = Evaluation.of(engine, data.validation(), validation);
      } finally {
        weights.unlock();
      }
      synchronized (this) {
        evaluated = found;
      }
    }

    Subject subject() {
      ComputationGraph copy;
      weights.lock();
      try {
        copy = copy();
      } finally {
        weights.unlock();
      }
      Network network = GraphCompiler.compile(copy, shape, Kernels.best());
      return new Subject(
          "live: %s, step %s"
              .formatted(settings.network().name().toLowerCase(Locale.ROOT), state().step()),
          new LayerOutputs.Engines(copy, network, 0),
          Preprocessing.NONE,
          PixelScale.SYMMETRIC,
          data.images().classes(),
          true);
    }

    /** The graph with the present weights, which the caller owns. */
    private ComputationGraph copy() {
      Engines.writeBack(engine, graph, shape);
      return graph.clone();
    }

    Path keep() throws IOException {
      if (step == 0) {
        throw new UsageException("the network is not trained yet; nothing is kept");
      }
      Run run =
          Run.start(
              "explore",
              RunOptions.NONE,
              new Resolved<>(settings, Map.of()),
              "explore",
              settings.seed());
      return run.execute(
          started -> {
            weights.lock();
            ComputationGraph copy;
            try {
              copy = copy();
            } finally {
              weights.unlock();
            }
            ModelRecord.save(
                started.directory(),
                "model",
                copy,
                new ModelRecord.Trained(
                    "explore",
                    "explore",
                    "explore",
                    1,
                    settings.seed(),
                    Enums.label(settings.engine()),
                    epoch),
                data.images(),
                settings);
            started.directory().writeJson("history.json", history());
            return started.shown();
          });
    }
  }

  private void tell(State state) {
    listeners.forEach(listener -> listener.accept(state));
  }
}

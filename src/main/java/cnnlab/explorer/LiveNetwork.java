package cnnlab.explorer;

import cnnlab.augment.Preprocessing;
import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.data.Seeds;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.explorer.LiveTraining.Action;
import cnnlab.explorer.LiveTraining.State;
import cnnlab.inference.Evaluation;
import cnnlab.inference.ModelRecord;
import cnnlab.inference.PixelScale;
import cnnlab.model.TrainableGraphs;
import cnnlab.run.Run;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Enums;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** One live training and its thread. Thread-safe. */
final class LiveNetwork implements AutoCloseable {
  private static final long EVENT_NANOS = 150_000_000L;

  private static final Duration MOST_WAIT = Duration.ofSeconds(2);

  /** At most a fifth of the time goes into evaluating. */
  private static final int PAUSE = 4;

  private final LiveSettings settings;
  private final Consumer<State> told;
  private final Shape shape;
  private final ComputationGraph graph;
  private final Engine engine;
  private final Thread thread = new Thread(this::work, "live training");

  /** Held while weights change or are read; fair, so that pages get their turn. */
  private final ReentrantLock weights = new ReentrantLock(true);

  // What follows changes under this object's lock, on the training's thread alone but for the last
  // two, so that this thread reads it without the lock.
  private final LiveImages images;
  private final List<State> history = new ArrayList<>();
  private int step;
  private double lossSum;
  private Evaluation evaluated;
  private double seconds;
  private long trainedImages;
  private String problem = "";
  private long wanted;
  private boolean ended;

  /**
   * @param told receives the states, on the training's thread
   * @throws IllegalArgumentException when a transform does not fit the images
   */
  LiveNetwork(LiveSettings settings, LiveImages.Data data, Consumer<State> told) {
    this.settings = settings;
    this.told = told;
    this.shape = data.shape();
    this.images = new LiveImages(settings, data);
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
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  synchronized State state() {
    return new State(
        Math.max(1, images.epoch()),
        step,
        images.batch(),
        images.batches(),
        images.done() == 0 ? null : Double.valueOf(lossSum / images.done()),
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
    wanted =
        switch (action) {
          case RUN -> Long.MAX_VALUE;
          case PAUSE -> 0;
          case STEP -> 1;
          case EPOCH -> images.left();
        };
    notifyAll();
    return state();
  }

  /** Ends the training after the present batch. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Ends the training and waits for its thread, as long as a batch may take. */
  @Override
  public void close() {
    end();
    try {
      thread.join(MOST_WAIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean awaitTurn() throws InterruptedException {
    while (wanted == 0 && !ended) {
      wait();
    }
    return !ended;
  }

  private void work() {
    try (engine) {
      long lastTold = 0;
      long nextEvaluation = 0;
      while (awaitTurn()) {
        batch();
        long now = System.nanoTime();
        boolean pauses = !state().running();
        if (images.ended() || pauses || now >= nextEvaluation) {
          evaluate();
          long took = System.nanoTime() - now;
          nextEvaluation = now + took + Math.max(EVENT_NANOS, PAUSE * took);
        }
        if (images.ended() || pauses || now - lastTold > EVENT_NANOS) {
          told.accept(state());
          lastTold = System.nanoTime();
        }
        if (images.ended()) {
          remember(state());
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

  private void fail(String why) {
    State last;
    synchronized (this) {
      problem = why;
      wanted = 0;
      last = state();
    }
    told.accept(last);
  }

  private void batch() {
    synchronized (this) {
      if (images.turn()) {
        lossSum = 0;
      }
    }
    LiveImages.Batch batch = images.next();
    long start = System.nanoTime();
    double loss;
    weights.lock();
    try {
      loss = engine.trainBatch(batch.x(), batch.y(), batch.size());
    } finally {
      weights.unlock();
    }
    synchronized (this) {
      seconds += (System.nanoTime() - start) / 1e9;
      trainedImages += batch.size();
      images.give(batch);
      step++;
      lossSum += loss * batch.size();
      wanted = wanted == Long.MAX_VALUE || wanted == 0 ? wanted : wanted - 1;
    }
    if (!Double.isFinite(loss)) {
      fail("the loss is %s; choose a smaller learning rate".formatted(loss));
    }
  }

  private void evaluate() {
    Evaluation found;
    weights.lock();
    try {
      found = Evaluation.of(engine, images.data().validation(), images.validation());
    } finally {
      weights.unlock();
    }
    synchronized (this) {
      evaluated = found;
    }
  }

  /** The network with its present weights. */
  Subject subject() {
    ComputationGraph copy = copy();
    Network network = GraphCompiler.compile(copy, shape, Kernels.best());
    return new Subject(
        "live: %s, step %s"
            .formatted(settings.network().name().toLowerCase(Locale.ROOT), state().step()),
        new LayerOutputs.Engines(copy, network, 0),
        Preprocessing.NONE,
        PixelScale.SYMMETRIC,
        images.data().images().classes(),
        true);
  }

  /** The graph with the present weights, which the caller owns. */
  private ComputationGraph copy() {
    weights.lock();
    try {
      Engines.writeBack(engine, graph, shape);
      return graph.clone();
    } finally {
      weights.unlock();
    }
  }

  /** Keeps the present weights as a run; returns its directory, for people. */
  Path keep() throws IOException {
    int epoch;
    synchronized (this) {
      if (step == 0) {
        throw new UsageException("the network is not trained yet; nothing is kept");
      }
      if (ended) {
        throw new UsageException("the explorer ends; nothing is kept");
      }
      epoch = images.epoch();
    }
    ComputationGraph copy = copy();
    Run run = Run.startOnce(new Resolved<>(settings, Map.of()), "explore", settings.seed());
    return run.execute(
        started -> {
          started.checkInterruption();
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
              images.data().images(),
              settings);
          started.directory().writeJson("history.json", history());
          return started.shown();
        });
  }
}

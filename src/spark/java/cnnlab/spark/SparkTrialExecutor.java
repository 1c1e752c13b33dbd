package cnnlab.spark;

import cnnlab.experiment.WorkPool;
import cnnlab.run.InterruptedRunException;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialExecutor;
import cnnlab.sweep.trial.TrialOutcome;
import cnnlab.training.EpochWatcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Runs trials as the tasks of one Spark job, one trial per task. If an executor is lost, Spark
 * repeats its tasks on another; because the outcome depends only on the trial, this does not change
 * the result, and the first outcome of a trial is used.
 *
 * <p>A trial that repeatedly crashes its executor makes Spark give up the job, and Spark may blame
 * another trial that ran on the same executor. Therefore all trials that were on that executor are
 * tried again, each in its own job; a trial that is given up there, too, has failed. Then the
 * remaining trials continue.
 */
final class SparkTrialExecutor implements TrialExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(SparkTrialExecutor.class);
  private static final String GROUP = "cnnlab sweep";
  private static final long POLL_MILLIS = 500;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Spark's message that it has given up a task; the first number is the task's index. */
  private static final Pattern GIVEN_UP =
      Pattern.compile(
          "Task (\\d+) in stage (\\d+)\\.\\d+ failed \\d+ times, most recent failure: ([^\\n]*ExecutorLostFailure[^\\n]*)");

  private final JavaSparkContext context;
  private final DatasetShipment shipment;
  private final String description;
  private final TaskExecutors taskExecutors = new TaskExecutors();

  SparkTrialExecutor(JavaSparkContext context, DatasetShipment shipment, String description) {
    this.context = context;
    this.shipment = shipment;
    this.description = description;
    context.sc().addSparkListener(taskExecutors);
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void run(
      List<Trial> trials,
      Runnable check,
      Function<Trial, EpochWatcher> watches,
      WorkPool.ResultHandler<TrialOutcome> finished)
      throws IOException {
    PendingTrials pending = new PendingTrials(trials, check, finished);
    try {
      while (pending.hasWork()) {
        for (Trial suspect : job(pending.left(), pending).suspects()) {
          alone(suspect, pending);
        }
      }
    } catch (IllegalStateException e) {
      if (context.sc().isStopped()) {
        throw ended(e);
      }
      throw e;
    }
  }

  /** The trials without an outcome, and the receiver of outcomes. */
  private static final class PendingTrials {
    private final Map<String, Trial> left = new LinkedHashMap<>();
    private final Runnable check;
    private final WorkPool.ResultHandler<TrialOutcome> finished;
    private boolean wanted = true;

    private PendingTrials(
        List<Trial> trials, Runnable check, WorkPool.ResultHandler<TrialOutcome> finished) {
      trials.forEach(t -> left.put(t.id(), t));
      this.check = check;
      this.finished = finished;
    }

    List<Trial> left() {
      return List.copyOf(left.values());
    }

    boolean hasWork() {
      return wanted && !left.isEmpty();
    }

    /** Passes on the first outcome of each trial, as long as outcomes are wanted. */
    void ended(TrialOutcome outcome) throws IOException {
      if (wanted && left.remove(outcome.id()) != null) {
        wanted = finished.accept(outcome);
      }
    }
  }

  /** Runs one trial while no other is running; it fails if Spark gives it up. */
  private void alone(Trial trial, PendingTrials pending) throws IOException {
    if (!pending.hasWork()) {
      return;
    }
    GivenUp givenUp = job(List.of(trial), pending);
    if (!givenUp.suspects().isEmpty()) {
      String message =
          "its process died on every attempt, even when it ran alone: " + givenUp.reason();
      pending.ended(TrialOutcome.failed(trial, new SparkException(message), 0));
    }
  }

  /**
   * The trials for which Spark may have given up a job.
   *
   * @param suspects at least one of them was the cause; empty if the job was not given up
   * @param reason Spark's message
   */
  private record GivenUp(List<Trial> suspects, String reason) {
    static final GivenUp NOT = new GivenUp(List.of(), "");
  }

  /** Runs one job until it ends or is no longer needed. */
  private GivenUp job(List<Trial> trials, PendingTrials pending) throws IOException {
    BlockingQueue<TrialOutcome> outcomes = new LinkedBlockingQueue<>();
    SimpleFutureAction<BoxedUnit> job = submit(trials, outcomes);
    long heard = System.nanoTime();
    try {
      while (pending.hasWork() && !job.isCompleted()) {
        pending.check.run();
        TrialOutcome next = outcomes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          pending.ended(next);
          heard = System.nanoTime();
        } else if (System.nanoTime() - heard > SILENCE_NANOS) {
          warnWithoutExecutors();
          heard = System.nanoTime();
        }
      }
      // All outcomes are in the queue when the job ends.
      passAll(outcomes, pending);
      return pending.hasWork() && job.value().get().isFailure()
          ? givenUp(trials, job, pending)
          : GivenUp.NOT;
    } catch (InterruptedRunException e) {
      passAll(outcomes, pending);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted; resume with --resume", e);
    } finally {
      if (!job.isCompleted()) {
        job.cancel();
      }
    }
  }

  /** Spark itself warns about this only before the first task. */
  private void warnWithoutExecutors() {
    // The driver counts as an executor.
    if (context.sc().statusTracker().getExecutorInfos().length <= 1 && !context.sc().isLocal()) {
      LOG.warn(
          "{} has no executor to run trials on; waiting for one. The master's web page shows the workers and their free resources. Ctrl-C ends the sweep and keeps finished trials",
          description);
    }
  }

  private static void passAll(BlockingQueue<TrialOutcome> outcomes, PendingTrials pending)
      throws IOException {
    for (TrialOutcome next = outcomes.poll(); next != null; next = outcomes.poll()) {
      pending.ended(next);
    }
  }

  private SimpleFutureAction<BoxedUnit> submit(
      List<Trial> trials, BlockingQueue<TrialOutcome> outcomes) {
    // Tasks of a cancelled job are interrupted.
    context.setJobGroup(GROUP, trials.size() + " trials", true);
    RDD<Trial> rdd = context.parallelize(trials, trials.size()).rdd();
    return context
        .sc()
        .submitJob(
            rdd,
            new ExecutorTrials(shipment.folders()),
            places(trials.size()),
            new Receiver(outcomes),
            new Nothing());
  }

  private static Seq<Object> places(int n) {
    List<Object> places = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      places.add(i);
    }
    return CollectionConverters.asScala(places).toSeq();
  }

  /**
   * The trials that were on the executor whose loss made Spark give up the job.
   *
   * @throws IOException if the job ended for another reason
   */
  private GivenUp givenUp(
      List<Trial> trials, SimpleFutureAction<BoxedUnit> job, PendingTrials pending)
      throws IOException, InterruptedException {
    Throwable cause = job.value().get().failed().get();
    Matcher m = GIVEN_UP.matcher(String.valueOf(cause.getMessage()));
    if (!m.find()) {
      throw ended(cause);
    }
    taskExecutors.awaitEnd((int) job.jobIds().head());
    List<Trial> suspects =
        taskExecutors
            .onSameExecutor(Integer.parseInt(m.group(2)), Integer.parseInt(m.group(1)))
            .stream()
            .map(trials::get)
            .filter(t -> pending.left.containsKey(t.id()))
            .toList();
    if (trials.size() > 1) {
      LOG.warn(
          "The process that ran {} died repeatedly; each trial is now tried alone ({})",
          suspects.stream().map(Trial::id).collect(Collectors.joining(", ")),
          m.group(3));
    }
    return new GivenUp(suspects, m.group(3));
  }

  private static IOException ended(Throwable cause) {
    return new IOException(
        "Spark can no longer run trials (%s); see the logs of the master and the workers. Finished trials are kept: resume with --resume"
            .formatted(String.valueOf(cause.getMessage()).lines().findFirst().orElse("")),
        cause);
  }

  @Override
  public void close() {
    context.close();
    try {
      shipment.discard();
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted ({})", shipment.archive(), e.toString());
    }
  }

  /** Receives outcomes on the thread of Spark's scheduler, which waits in the meantime. */
  private static final class Receiver extends AbstractFunction2<Object, TrialOutcome, BoxedUnit> {
    private final BlockingQueue<TrialOutcome> outcomes;

    Receiver(BlockingQueue<TrialOutcome> outcomes) {
      this.outcomes = outcomes;
    }

    @Override
    public BoxedUnit apply(Object place, TrialOutcome outcome) {
      outcomes.add(outcome);
      return BoxedUnit.UNIT;
    }
  }

  /** The (empty) result of the whole job. */
  private static final class Nothing extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      return BoxedUnit.UNIT;
    }
  }
}

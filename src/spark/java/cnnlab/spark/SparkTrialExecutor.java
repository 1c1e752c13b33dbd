package cnnlab.spark;

import cnnlab.experiment.Watch;
import cnnlab.experiment.WorkPool;
import cnnlab.sweep.Trial;
import cnnlab.sweep.TrialExecutor;
import cnnlab.sweep.TrialOutcome;
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
 * Runs trials as the tasks of one Spark job, a trial a task. A task whose executor is lost is
 * repeated by Spark on another; a trial's outcome is a function of the trial alone, so that this
 * changes nothing, and the first outcome of a trial is the one that counts. A trial that takes its
 * executor with it again and again is given up as failed, and the others go on.
 */
final class SparkTrialExecutor implements TrialExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(SparkTrialExecutor.class);
  private static final String GROUP = "cnnlab sweep";
  private static final long POLL_MILLIS = 500;

  /** How Spark says that it has repeated a task often enough; the number is the task's place. */
  private static final Pattern GIVEN_UP =
      Pattern.compile(
          "Task (\\d+) in stage \\S+ failed \\d+ times, most recent failure: ([^\\n]*)");

  private final JavaSparkContext context;
  private final DatasetShipment shipment;
  private final String description;

  SparkTrialExecutor(JavaSparkContext context, DatasetShipment shipment, String description) {
    this.context = context;
    this.shipment = shipment;
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void run(
      List<Trial> trials,
      Runnable check,
      Function<Trial, Watch> watches,
      WorkPool.Finished<TrialOutcome> finished)
      throws IOException {
    Map<String, Trial> left = new LinkedHashMap<>();
    trials.forEach(t -> left.put(t.id(), t));
    try {
      while (!left.isEmpty() && job(left, finished)) {
        LOG.debug("{} trials left for another job", left.size());
      }
    } catch (IllegalStateException e) {
      if (context.sc().isStopped()) {
        throw ended(e);
      }
      throw e;
    }
  }

  /**
   * One job of all trials that are left; takes from {@code left} those that end.
   *
   * @return whether to go on
   */
  private boolean job(Map<String, Trial> left, WorkPool.Finished<TrialOutcome> finished)
      throws IOException {
    List<Trial> trials = new ArrayList<>(left.values());
    BlockingQueue<TrialOutcome> outcomes = new LinkedBlockingQueue<>();
    SimpleFutureAction<BoxedUnit> job = submit(trials, outcomes);
    boolean ended = false;
    try {
      while (!left.isEmpty()) {
        // Looked at before the queue: what is in the queue after the job's end was put there
        // before.
        boolean completed = job.isCompleted();
        TrialOutcome next =
            completed ? outcomes.poll() : outcomes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next == null && completed) {
          ended = true;
          next = givenUp(trials, job);
        }
        if (next != null && left.remove(next.id()) != null && !finished.accept(next)) {
          return false;
        }
        if (ended) {
          return true;
        }
      }
      ended = true;
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted; go on with --resume", e);
    } finally {
      if (!ended) {
        job.cancel();
      }
    }
  }

  private SimpleFutureAction<BoxedUnit> submit(
      List<Trial> trials, BlockingQueue<TrialOutcome> outcomes) {
    // A task that is not wanted any more is interrupted.
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
   * The trial for whose sake a job ended before all were done.
   *
   * @throws IOException when the job ended for another reason
   */
  private static TrialOutcome givenUp(List<Trial> trials, SimpleFutureAction<BoxedUnit> job)
      throws IOException {
    Throwable cause = job.value().get().failed().get();
    Matcher m = GIVEN_UP.matcher(String.valueOf(cause.getMessage()));
    if (!m.find()) {
      throw ended(cause);
    }
    Trial trial = trials.get(Integer.parseInt(m.group(1)));
    return TrialOutcome.failed(
        trial, new SparkException("its process ended each time it was tried: " + m.group(2)), 0);
  }

  private static IOException ended(Throwable cause) {
    return new IOException(
        "Spark cannot run trials any more (%s); the logs of the master and the workers say why. What is finished is kept: go on with --resume"
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

  /** Takes outcomes from Spark's scheduler, which waits meanwhile. */
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

  /** The result of the whole job. */
  private static final class Nothing extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      return BoxedUnit.UNIT;
    }
  }
}

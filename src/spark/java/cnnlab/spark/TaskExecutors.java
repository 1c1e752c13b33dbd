package cnnlab.spark;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Records on which executor each task of the newest job was last started. Spark reports these
 * events with a delay, from a thread of its own, but in order.
 */
final class TaskExecutors extends SparkListener {
  private static final long LATE_MILLIS = 10_000;

  private final Map<Integer, String> executors = new TreeMap<>();
  private int newestStage = -1;
  private int endedJob = -1;

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    if (start.stageId() > newestStage) {
      newestStage = start.stageId();
      executors.clear();
    }
    if (start.stageId() == newestStage) {
      executors.put(start.taskInfo().index(), start.taskInfo().executorId());
    }
  }

  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    endedJob = end.jobId();
    notifyAll();
  }

  /** Waits until all events of an ended job have arrived, for at most 10 s. */
  synchronized void awaitEnd(int job) throws InterruptedException {
    long end = System.nanoTime() + LATE_MILLIS * 1_000_000;
    long left = LATE_MILLIS;
    while (endedJob < job && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /**
   * The tasks that were last started on the same executor as the given task.
   *
   * @return their indices in the job, ascending, including the given one
   */
  synchronized List<Integer> onSameExecutor(int stage, int place) {
    String executor = stage == newestStage ? executors.get(place) : null;
    return executor == null
        ? List.of(place)
        : executors.entrySet().stream()
            .filter(e -> e.getValue().equals(executor))
            .map(Map.Entry::getKey)
            .toList();
  }
}

package cnnlab.spark;

import cnnlab.data.Datasets;
import cnnlab.run.InterruptedRunException;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialFunction;
import cnnlab.sweep.trial.TrialOutcome;
import cnnlab.text.OneLocale;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * Runs one trial on an executor. All trials of a process share one {@link TrialFunction}, so that
 * data is read once. A fault in the trial becomes its outcome. A fault of the machine fails the
 * task, and Spark repeats it elsewhere; if memory runs out, Spark also ends the process. A task
 * that Spark cancels ends after its current batch.
 */
final class ExecutorTrials extends AbstractFunction1<Iterator<Trial>, TrialOutcome>
    implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private static TrialFunction function;

  private final ArrayList<String> folders;

  /**
   * @param folders the data sets' folders, if this machine shares them; empty if an archive was
   *     sent
   */
  ExecutorTrials(List<String> folders) {
    this.folders = new ArrayList<>(folders);
  }

  @Override
  public TrialOutcome apply(Iterator<Trial> one) {
    Trial trial = one.next();
    TaskContext task = TaskContext.get();
    return function(folders).runOnWorker(trial, () -> check(task));
  }

  /** Ends a trial that is no longer needed, to free its core. */
  private static void check(TaskContext task) {
    if (task.isInterrupted()) {
      throw new InterruptedRunException(new InterruptedException("the task was cancelled"));
    }
  }

  private static synchronized TrialFunction function(List<String> folders) {
    if (function == null) {
      OneLocale.use();
      function = new TrialFunction(new Datasets(places(folders)));
    }
    return function;
  }

  private static List<Datasets.Place> places(List<String> folders) {
    return folders.isEmpty()
        ? List.of(
            new Datasets.Place(
                "sent by the driver", Path.of(SparkFiles.get(DatasetShipment.UNPACKED))))
        : folders.stream()
            .map(f -> new Datasets.Place("shared", Path.of(f).getParent()))
            .distinct()
            .toList();
  }
}

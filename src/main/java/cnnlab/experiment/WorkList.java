package cnnlab.experiment;

import cnnlab.console.Output;
import cnnlab.console.PoolProgress;
import cnnlab.run.InterruptedRunException;
import cnnlab.training.EpochWatcher;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The one way to run many trainings: does what of a list is not done yet, beginning in the list's
 * order, keeps each result as soon as it is there, and prints a line for it with the time left. So
 * an interrupted run goes on where it stopped. Runs of a task and sweeps differ in what a piece is,
 * what is kept of it, and who does it.
 *
 * @param <P> a piece of work
 * @param <R> what comes of it
 */
public final class WorkList<P, R> {
  /** What pieces and results are called, and where results are kept. */
  public interface Book<P, R> {
    /** The piece's name, its own in the list. */
    String name(P piece);

    /** The name of the piece that a result is of. */
    String nameOf(R result);

    /** Epochs that a piece has at most. */
    int epochs(P piece);

    /** Whether the piece was done before, and its result is kept. */
    boolean has(P piece) throws IOException;

    /**
     * Keeps a result, all of it at once: a process that is killed leaves it whole or not at all.
     *
     * @return whether to go on; otherwise what has not begun is left
     */
    boolean keep(P piece, R result) throws IOException;

    /** What a line says of a result: its name, its score, its seconds. */
    String line(R result);

    /**
     * What is said when some pieces were done before.
     *
     * @param done how many, at least 1
     * @param all how many pieces there are
     */
    String before(int done, int all);
  }

  /** Who does pieces: threads of this process, or other machines. */
  @FunctionalInterface
  public interface Workers<P, R> {
    /**
     * Does pieces, each once, beginning them in their order as far as that is possible.
     *
     * @param open the pieces
     * @param check asked often, by any thread; throws an {@link InterruptedRunException} when the
     *     user stopped the run
     * @param watches whom a piece that is done in this process tells how it goes on; need not be
     *     asked
     * @param finished is given each result once, on this thread, soon after it is there; when it
     *     returns false, what has not begun is left, and this returns soon
     * @throws IOException when pieces cannot be done, {@code finished} throws it, or this thread is
     *     interrupted; what was finished by then is kept
     * @throws InterruptedRunException when the user stopped the run; those that ran were waited for
     */
    void run(
        List<P> open,
        Runnable check,
        Function<P, EpochWatcher> watches,
        WorkPool.Finished<R> finished)
        throws IOException;
  }

  private final Book<P, R> book;
  private final Output out;
  private final Map<String, P> open = new LinkedHashMap<>();
  private final Map<String, EpochWatcher> watches = new ConcurrentHashMap<>();
  private final int all;
  private boolean stopped;

  private WorkList(List<P> pieces, Book<P, R> book, Output out) throws IOException {
    this.book = book;
    this.out = out;
    this.all = pieces.size();
    for (P piece : pieces) {
      if (!book.has(piece)) {
        open.put(book.name(piece), piece);
      }
    }
  }

  /**
   * Does what is not done yet. When the user stops the run, those that run are waited for, as they
   * stop by themselves, and what is finished is kept.
   *
   * @param pieces in the order in which they are to be begun
   * @param check throws an {@link InterruptedRunException} when the user stopped the run
   * @throws IOException when results cannot be kept, or pieces cannot be done or came to no end;
   *     what is finished is kept
   * @throws InterruptedRunException when the user stops the run
   */
  public static <P, R> void run(
      List<P> pieces, Book<P, R> book, Workers<P, R> workers, Runnable check, Output out)
      throws IOException {
    new WorkList<>(pieces, book, out).run(workers, check);
  }

  private void run(Workers<P, R> workers, Runnable check) throws IOException {
    if (open.size() < all) {
      out.progress().println(book.before(all - open.size(), all));
    }
    if (open.isEmpty()) {
      return;
    }
    List<P> todo = List.copyOf(open.values());
    long epochs = todo.stream().mapToLong(book::epochs).sum();
    try (PoolProgress progress = PoolProgress.start(out.progress(), out.decorated(), epochs)) {
      workers.run(
          todo,
          check,
          piece -> watches.computeIfAbsent(book.name(piece), n -> watch(n, piece, progress)),
          result -> finished(result, progress));
    }
    if (!open.isEmpty() && !stopped) {
      throw new IOException(
          "%d of %d did not finish, the first %s; resume with --resume"
              .formatted(open.size(), all, open.keySet().iterator().next()));
    }
  }

  private EpochWatcher watch(String name, P piece, PoolProgress progress) {
    return new EpochWatcher(name, book.epochs(piece), progress);
  }

  private boolean finished(R result, PoolProgress progress) throws IOException {
    String name = book.nameOf(result);
    P piece = open.remove(name);
    if (piece == null) {
      return true; // a second answer to the same piece, from a machine believed lost
    }
    boolean goOn = book.keep(piece, result);
    stopped |= !goOn;
    EpochWatcher watch = watches.remove(name);
    if (watch == null || watch.epochs() == 0) {
      progress.epochsDone(book.epochs(piece)); // another machine trained them
    } else {
      progress.epochsSkipped(book.epochs(piece) - watch.epochs()); // early stopping left them out
    }
    int width = String.valueOf(all).length();
    progress.line(
        ("%" + width + "s/%s  %s  left %s")
            .formatted(all - open.size(), all, book.line(result), progress.left()));
    return goOn;
  }
}

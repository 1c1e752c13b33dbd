package cnnlab.scratch.compiled;

import cnnlab.scratch.kernel.Scratchpad;

/** One step of a {@link CompiledNetwork}, divided into tasks that may run at the same time. */
interface Step {
  /**
   * Divides the step. The division decides which thread computes a value, not the value. There is
   * one task for each thread where possible: then a thread mostly finds in its cache what it wrote
   * in the step before.
   *
   * @param images how many images there are, at least 1
   * @param threads how many threads there are
   * @return the number of tasks, at least 1
   */
  int divide(int images, int threads);

  /** A rough estimate of the time of one image on one thread, as in {@link Cost}. */
  double nanoseconds();

  /** Runs a task of the last division. */
  void run(int task, Scratchpad pad);

  /** A step whose tasks are ranges of images and rows of the output. */
  abstract class OverRows implements Step {
    /** Floats of the output below which one thread does all. */
    private static final int SMALL = 1 << 15;

    private final Rows out;
    private final int work;
    private int rows;
    private int tasks;

    /**
     * @param out the output
     * @param work floats read for each float of the output
     */
    OverRows(Rows out, int work) {
      this.out = out;
      this.work = work;
    }

    @Override
    public double nanoseconds() {
      return Cost.vectors((double) out.imageSize() * work / 16);
    }

    @Override
    public final int divide(int images, int threads) {
      rows = images * out.shape.height();
      boolean small = (long) images * out.imageSize() * work < SMALL;
      tasks = small ? 1 : Math.min(rows, threads);
      return threads == 1 ? tasks = 1 : tasks;
    }

    @Override
    public final void run(int task, Scratchpad pad) {
      int to = (int) ((long) rows * (task + 1) / tasks);
      for (int r = (int) ((long) rows * task / tasks); r < to; r++) {
        row(r / out.shape.height(), r % out.shape.height(), pad);
      }
    }

    /** Computes one row of positions of one image. */
    abstract void row(int image, int i, Scratchpad pad);
  }
}

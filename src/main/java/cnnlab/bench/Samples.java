package cnnlab.bench;

import cnnlab.bench.worker.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** What was measured of one setting, repeat by repeat. */
final class Samples {
  private final int batch;
  private final List<Answer> answers = new ArrayList<>();

  /**
   * @param batch images per call
   */
  Samples(int batch) {
    this.batch = batch;
  }

  void add(Answer answer) {
    answers.add(answer);
  }

  /** Images per second of each repeat. */
  double[] rates() {
    return answers.stream()
        .mapToDouble(a -> a.nanos().length * (double) batch / a.seconds())
        .toArray();
  }

  /** Nanoseconds of each call of all repeats. */
  long[] nanos() {
    return answers.stream().flatMapToLong(a -> LongStream.of(a.nanos())).toArray();
  }
}

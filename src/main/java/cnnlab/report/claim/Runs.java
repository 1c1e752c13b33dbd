package cnnlab.report.claim;

import cnnlab.metric.Scale;
import cnnlab.report.Estimate;
import cnnlab.report.RunKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The runs of a report.
 *
 * @param all the runs, in the order in which they are shown
 */
record Runs(List<RecordedRun> all) {

  /**
   * A paired comparison of two variants.
   *
   * @param run the run that contains it
   * @param difference better − worse
   */
  record Comparison(RecordedRun run, Estimate difference) {}

  /** All runs of a kind. */
  List<RecordedRun> of(RunKind kind) {
    return all.stream().filter(run -> run.kind() == kind).toList();
  }

  /** The last run of a kind that may be used for verdicts. */
  Optional<RecordedRun> evidence(RunKind kind) {
    return last(evidenceOf(kind));
  }

  /** The last run of an experiment that may be used for verdicts. */
  Optional<RecordedRun> evidence(RunKind kind, String experiment) {
    return last(evidenceOf(kind).filter(run -> run.experiment().equals(experiment)));
  }

  /**
   * The comparison of two variants of an experiment with the most repetitions. The run's own claim
   * may name either of the two as the better one.
   *
   * @param claims the key of the list in {@code result.json}, such as {@code claims} or {@code
   *     claimsByAuc}
   */
  Optional<Comparison> comparison(
      RunKind kind, String experiment, String claims, String better, String worse) {
    return evidenceOf(kind)
        .filter(run -> run.experiment().equals(experiment))
        .flatMap(run -> comparisons(run, claims, better, worse))
        .max(Comparator.comparingInt(c -> c.difference().n()));
  }

  private static Stream<Comparison> comparisons(
      RecordedRun run, String claims, String better, String worse) {
    Stream.Builder<Comparison> found = Stream.builder();
    for (JsonNode claim : run.result().path(claims)) {
      String first = claim.path("better").asText();
      String second = claim.path("worse").asText();
      Estimate difference = Estimate.ofPaired(claim.path("paired"), Scale.PROPORTION);
      if (first.equals(better) && second.equals(worse)) {
        found.add(new Comparison(run, difference));
      } else if (first.equals(worse) && second.equals(better)) {
        found.add(new Comparison(run, difference.negated()));
      }
    }
    return found.build();
  }

  private Stream<RecordedRun> evidenceOf(RunKind kind) {
    return all.stream().filter(run -> run.kind() == kind && run.isEvidence());
  }

  private static Optional<RecordedRun> last(Stream<RecordedRun> runs) {
    return runs.reduce((a, b) -> b);
  }
}

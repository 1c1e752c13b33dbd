package cnnlab.sweep;

import cnnlab.experiment.Claim;
import cnnlab.metric.PairedComparison;
import cnnlab.metric.Summary;
import cnnlab.metric.Verdict;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a sweep, as {@code result.json} has it. All scores are of validation images.
 *
 * @param experiment its name
 * @param task whose trainings were run
 * @param seed from which everything random was derived
 * @param objective the score that was sought
 * @param maximise whether more of it is better
 * @param method how points were chosen
 * @param points how many were tried
 * @param trials how many trainings there were, each stop of one counted
 * @param failed how many of them failed
 * @param diverged how many of them diverged: they have no score, and are no failures
 * @param best the best point of the search: the best of many, so its score is too good by chance
 * @param confirmation the best point on draws that the search did not have; null when it was not
 *     asked for
 * @param ranking all points, the best first
 * @param claims the comparisons behind the verdicts
 * @param verdicts on each claim
 * @param trialSeconds of all trials added up
 */
public record SweepResult(
    String experiment,
    String task,
    long seed,
    String objective,
    boolean maximise,
    String method,
    int points,
    int trials,
    int failed,
    int diverged,
    PointResult best,
    Confirmation confirmation,
    List<PointResult> ranking,
    List<Claim> claims,
    Map<String, Verdict> verdicts,
    double trialSeconds) {

  /**
   * A point of the search.
   *
   * @param point its number
   * @param levels what it is on each axis
   * @param epochs after which it was dropped, 0 when it was not
   * @param diverged how many of its trials diverged
   * @param score over the repetitions; null when a trial diverged or failed
   * @param toBest its scores minus the best point's on the same draws; null for the best itself and
   *     for points that were dropped or failed
   */
  public record PointResult(
      int point,
      Map<String, String> levels,
      int epochs,
      int diverged,
      Summary score,
      PairedComparison toBest) {}

  /**
   * What is to be reported.
   *
   * @param seed of the draws
   * @param best the best point's score on them
   * @param base the score there of what the sweep began with; null when it was not asked for, or is
   *     the best point itself
   * @param gain best minus base, draw by draw; null without the base
   */
  public record Confirmation(long seed, Summary best, Summary base, PairedComparison gain) {}
}

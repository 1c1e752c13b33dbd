package cnnlab.sweep;

import cnnlab.experiment.Claim;
import cnnlab.metric.PairedComparison;
import cnnlab.metric.Summary;
import cnnlab.metric.Verdict;
import java.util.List;
import java.util.Map;

/**
 * The result of a sweep, written as {@code result.json}. All scores are on validation images.
 *
 * @param experiment the experiment's name
 * @param task the task that was trained
 * @param seed the seed from which every random stream was derived
 * @param objective the score that was optimised
 * @param maximise whether higher is better
 * @param method how points were chosen
 * @param points number of points tried
 * @param trials number of trials; a training counts once for each epoch at which it stopped
 * @param failed number of failed trials
 * @param diverged number of diverged trials, which have no score and do not count as failures
 * @param best the best point of the search; its score is optimistic, because it was selected
 * @param confirmation the best point on draws that the search did not use; null if not requested
 * @param ranking all points, the best first
 * @param claims the comparisons behind the verdicts
 * @param verdicts the verdict on each claim
 * @param trialSeconds total time of all trials, in seconds
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
   * @param levels its level on each axis, by axis name
   * @param epochs the epoch after which it was dropped, 0 if it was not dropped
   * @param diverged number of its trials that diverged
   * @param score the score over the repetitions; null if a trial diverged or failed
   * @param toBest its difference to the best point on the same draws; null for the best point
   *     itself and for points that were dropped or failed
   */
  public record PointResult(
      int point,
      Map<String, String> levels,
      int epochs,
      int diverged,
      Summary score,
      PairedComparison toBest) {}

  /**
   * The result of the confirmation, which is to be reported.
   *
   * @param seed the seed of the draws
   * @param best the best point's score on them
   * @param base the score of the base configuration on them; null if not requested, or if it is the
   *     best point
   * @param gain best minus base, draw by draw; null without {@code base}
   */
  public record Confirmation(long seed, Summary best, Summary base, PairedComparison gain) {}
}

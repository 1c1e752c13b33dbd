package cnnlab.task1;

import cnnlab.crosscheck.Check;
import java.util.List;
import java.util.Locale;

/**
 * The outcome of Task 1, as {@code result.json} has it.
 *
 * @param experiment its name
 * @param seed its seed
 * @param weights number of parameters
 * @param images how many images were evaluated
 * @param library the trained library model on these images
 * @param scratch the network from scratch with the same weights on the same images
 * @param maxAbsDifference the largest difference of two class probabilities over the test images
 * @param convSumAbsDifference the report's figure: Σ |a − b| of one random convolution on one image
 * @param argmaxAgreement share of test images on which both choose the same class, in [0, 1]
 * @param checks what rounding allows, and what was found; runs before these bounds have {@code
 *     limit} instead of {@code bound}
 * @param durationSeconds of the whole run
 */
public record Task1Result(
    String experiment,
    long seed,
    int weights,
    Images images,
    Scores library,
    Scores scratch,
    double maxAbsDifference,
    double convSumAbsDifference,
    double argmaxAgreement,
    List<Check> checks,
    double durationSeconds) {

  /**
   * How many images of each part.
   *
   * @param train training images (54,000 by default)
   * @param validation validation images (6,000)
   * @param test test images (10,000)
   */
  public record Images(int train, int validation, int test) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%,d training, %,d validation and %,d test images", train, validation, test);
    }
  }

  /**
   * Mean cross-entropy and accuracy on each part of the data.
   *
   * @param trainLoss on the training images
   * @param trainAccuracy share, in [0, 1]
   * @param validationLoss on the validation images
   * @param validationAccuracy share, in [0, 1]
   * @param testLoss on the test images
   * @param testAccuracy share, in [0, 1]
   */
  public record Scores(
      double trainLoss,
      double trainAccuracy,
      double validationLoss,
      double validationAccuracy,
      double testLoss,
      double testAccuracy) {}

  /** Whether every check is met. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }
}

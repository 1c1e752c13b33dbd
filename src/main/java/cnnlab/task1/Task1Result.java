package cnnlab.task1;

import cnnlab.crosscheck.Check;
import java.util.List;
import java.util.Locale;

/**
 * The result of Task 1, as written to {@code result.json}.
 *
 * @param experiment name of the experiment
 * @param seed its seed
 * @param weights number of parameters
 * @param images the numbers of evaluated images
 * @param library scores of the trained library model on these images
 * @param scratch scores of the network from scratch, with the same weights, on the same images
 * @param maxAbsDifference largest difference of a class probability on the test images
 * @param convSumAbsDifference the figure that the report gives: Σ |a − b| of one random convolution
 *     on one image
 * @param argmaxAgreement share of test images for which both predict the same class, in [0, 1]
 * @param checks the rounding bounds and the differences found; older runs have {@code limit}
 *     instead of {@code bound}
 * @param durationSeconds duration of the whole run
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
   * The number of images of each part.
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

  /** Whether every check passed. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }
}

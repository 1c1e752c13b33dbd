package cnnlab.task1;

import cnnlab.data.Mnist;
import cnnlab.data.Split;
import cnnlab.engine.Engine;
import cnnlab.inference.Evaluation;
import cnnlab.task1.Task1Result.Scores;
import java.util.Arrays;
import java.util.stream.IntStream;

/** One engine on all parts of MNIST. */
record Task1Evaluation(Evaluation train, Evaluation validation, Evaluation test) {

  /**
   * Which images are evaluated.
   *
   * @param train indices into the training file
   * @param validation indices into the training file
   * @param test indices into the test file
   */
  record Parts(int[] train, int[] validation, int[] test) {

    /**
     * @param limit how many of each part, 0 for all
     */
    static Parts of(Split split, int limit) {
      int[] test = IntStream.range(0, Mnist.TEST_IMAGES).toArray();
      return new Parts(
          first(split.train(), limit), first(split.validation(), limit), first(test, limit));
    }

    private static int[] first(int[] indices, int limit) {
      return limit == 0 ? indices : Arrays.copyOf(indices, Math.min(limit, indices.length));
    }

    Task1Result.Images counts() {
      return new Task1Result.Images(train.length, validation.length, test.length);
    }
  }

  static Task1Evaluation of(Engine engine, Mnist mnist, Parts parts) {
    return new Task1Evaluation(
        Evaluation.of(engine, mnist.train(), parts.train()),
        Evaluation.of(engine, mnist.train(), parts.validation()),
        Evaluation.of(engine, mnist.test(), parts.test()));
  }

  Scores scores() {
    return new Scores(
        train.loss(),
        train.accuracy(),
        validation.loss(),
        validation.accuracy(),
        test.loss(),
        test.accuracy());
  }
}

package cnnlab.task1;

import cnnlab.data.ImageSubset;
import cnnlab.data.Mnist;
import cnnlab.data.Split;
import cnnlab.engine.Engine;
import cnnlab.inference.Evaluation;
import cnnlab.task1.Task1Result.Scores;

/** The evaluation of one engine on all parts of MNIST. */
record Task1Evaluation(Evaluation train, Evaluation validation, Evaluation test) {

  /**
   * The images to evaluate.
   *
   * @param train indices into the training file
   * @param validation indices into the training file
   * @param test indices into the test file
   */
  record Parts(int[] train, int[] validation, int[] test) {

    /**
     * @param limit upper limit on the images of each part, 0 for all
     */
    static Parts of(Mnist mnist, Split split, int limit) {
      return new Parts(
          new ImageSubset(mnist.train(), split.train()).first(limit).indices(),
          new ImageSubset(mnist.train(), split.validation()).first(limit).indices(),
          ImageSubset.all(mnist.test()).first(limit).indices());
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

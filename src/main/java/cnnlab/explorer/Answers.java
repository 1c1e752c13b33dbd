package cnnlab.explorer;

import java.util.List;

/**
 * What the explorer answers, as records that become JSON. Arrays of bytes named {@code pixels} are
 * unsigned bytes [H, W, C], all others float32 in little-endian order.
 */
public final class Answers {
  private Answers() {}

  /**
   * A model.
   *
   * @param key its name in later questions
   * @param name its name for people
   * @param height H of its inputs
   * @param width W of its inputs
   * @param channels C of its inputs, 1 or 3
   * @param scale how 8-bit values become inputs
   * @param preprocessing fixed transforms before
   * @param classes names of the outputs
   * @param probabilities whether the outputs are probabilities
   * @param doubles whether there is a network in double precision
   * @param maps whether maps of what the network looks at can be had
   * @param layers all layers, in computing order
   * @param epochs the epochs of its training whose weights can be had, ascending; empty if they
   *     were not kept. KEY@EPOCH is the key of the model after an epoch
   */
  public record Model(
      String key,
      String name,
      int height,
      int width,
      int channels,
      String scale,
      List<String> preprocessing,
      List<String> classes,
      boolean probabilities,
      boolean doubles,
      boolean maps,
      List<LayerView> layers,
      List<Epoch> epochs) {}

  /**
   * An epoch of a finished training. The measures are those of the training, null where it did not
   * take them.
   *
   * @param epoch 0 for the initial weights
   * @param file whether the model file has these weights
   * @param batchLoss the mean loss of the epoch's batches
   * @param validationLoss the loss on validation images after the epoch
   * @param validationAccuracy likewise, in [0, 1]
   */
  public record Epoch(
      int epoch,
      boolean file,
      Double batchLoss,
      Double validationLoss,
      Double validationAccuracy) {}

  /**
   * A layer.
   *
   * @param name its name
   * @param kind its kind
   * @param channels C of its output
   * @param height H of its output
   * @param width W of its output
   * @param parameters the number of its parameters
   * @param inputs names of the layers it reads; {@code input} is the image
   * @param kernels the shape [O, C, KH, KW] of kernels to look at, or empty
   * @param weightMap the shape [C, H, W] on which the weights of one output can be laid, or empty
   */
  public record LayerView(
      String name,
      String kind,
      int channels,
      int height,
      int width,
      int parameters,
      List<String> inputs,
      List<Integer> kernels,
      List<Integer> weightMap) {}

  /**
   * An examined image.
   *
   * @param id its name in later questions
   * @param key the model
   * @param pixels the image as the network gets it: changed and preprocessed
   * @param scratch the outputs from scratch
   * @param library DL4J's
   * @param exact in double precision, or null
   * @param layers what differs, by layer
   * @param milliseconds the time of all engines together
   */
  public record Examined(
      String id,
      String key,
      byte[] pixels,
      List<Double> scratch,
      List<Double> library,
      List<Double> exact,
      List<LayerFigures> layers,
      double milliseconds) {}

  /**
   * The values of a layer in short.
   *
   * @param name its name
   * @param least the least value from scratch
   * @param most the largest
   * @param libraryDifference the largest absolute difference between DL4J and from scratch, or null
   *     if DL4J does not show the layer
   * @param exactDifference the largest absolute difference between from scratch and double
   *     precision, or null
   */
  public record LayerFigures(
      String name, double least, double most, Double libraryDifference, Double exactDifference) {}

  /**
   * Feature maps of some channels.
   *
   * @param layer the layer
   * @param channels C of the layer
   * @param height H
   * @param width W
   * @param from the first channel given
   * @param count the number of channels given
   * @param scratch [count, H, W]
   * @param library DL4J's, or null
   */
  public record Maps(
      String layer,
      int channels,
      int height,
      int width,
      int from,
      int count,
      byte[] scratch,
      byte[] library) {}

  /**
   * Weights to look at.
   *
   * @param layer the layer
   * @param shape of the values
   * @param values the weights
   * @param bias the biases of the outputs given, or null
   */
  public record Weights(String layer, List<Integer> shape, byte[] values, byte[] bias) {}

  /**
   * What the network looks at.
   *
   * @param target the class
   * @param probability its probability, or its output
   * @param layer the layer of Grad-CAM
   * @param occlusion the fall of the target's output where the image is hidden [H, W]
   * @param gradCam at least 0 [H, W]
   * @param square side of the hidden square in pixels
   */
  public record Attention(
      int target, double probability, String layer, byte[] occlusion, byte[] gradCam, int square) {}

  /**
   * An image of a data set.
   *
   * @param set name of the set
   * @param index its number, from 0
   * @param count the number of images of the set
   * @param label its class, or -1
   * @param pixels unsigned bytes [H, W, C]
   */
  public record Example(String set, int index, int count, int label, byte[] pixels) {}

  /**
   * Images that a model classifies wrongly.
   *
   * @param examined how many images were looked at
   * @param wrong their numbers
   */
  public record Mistakes(int examined, List<Integer> wrong) {}
}

package cnnlab.explorer;

import cnnlab.crosscheck.LayerOutputs;
import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.AvgPool2d;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import java.util.List;

/**
 * Tells how a value came about, by the equations in the Javadoc of the layers. Layers without a
 * story here show their value only.
 */
final class Storyteller {
  private Storyteller() {}

  /**
   * The story of a value.
   *
   * @param image the input [C, H, W]
   * @param outputs of all layers for it
   * @param node the layer
   * @throws IllegalArgumentException when the place does not exist
   */
  static ValueStory tell(
      Network network,
      float[] image,
      LayerOutputs outputs,
      Node node,
      int channel,
      int row,
      int column) {
    Shape shape = node.shape();
    if (channel < 0
        || channel >= shape.channels()
        || row < 0
        || row >= shape.height()
        || column < 0
        || column >= shape.width()) {
      throw new IllegalArgumentException(
          "layer '%s' has shape %s; there is no value at channel %s, row %s, column %s"
              .formatted(node.name(), shape, channel, row, column));
    }
    return tell(new StoryScene(network, image, outputs, node, channel, row, column));
  }

  private static ValueStory tell(StoryScene scene) {
    Layer layer = scene.node().layer();
    if (layer instanceof Conv2d conv) {
      return SumStories.convolution(scene, conv);
    } else if (layer instanceof DepthwiseConv2d conv) {
      return SumStories.depthwise(scene, conv);
    } else if (layer instanceof Dense dense) {
      return SumStories.dense(scene, dense);
    } else if (layer instanceof MaxPool2d pool) {
      return PointStories.pooling(scene, pool.window(), true, false);
    } else if (layer instanceof AvgPool2d pool) {
      return PointStories.pooling(scene, pool.window(), false, pool.countPadding());
    } else if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
      return PointStories.global(scene, layer instanceof GlobalMaxPool2d);
    } else if (layer instanceof BatchNorm norm) {
      return PointStories.normalisation(scene, norm);
    } else if (layer instanceof Activate activate) {
      return PointStories.activation(scene, activate);
    } else if (layer instanceof Softmax) {
      return PointStories.softmax(scene);
    } else if (layer instanceof ElementwiseMerge merge) {
      return PointStories.merge(scene, merge);
    }
    return scene.story(
        "not explained here; the layer moves or combines values of its inputs", List.of(), null);
  }
}

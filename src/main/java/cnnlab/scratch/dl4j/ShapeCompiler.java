package cnnlab.scratch.dl4j;

import static cnnlab.scratch.dl4j.UnsupportedGraphException.require;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.ChannelsLastFlatten;
import cnnlab.model.shape.AxisPermutation;
import cnnlab.model.shape.AxisRegrouping;
import cnnlab.model.shape.BilinearResize;
import cnnlab.model.shape.ChannelSelection;
import cnnlab.model.shape.ChannelsLastReshape;
import cnnlab.model.shape.Repetition;
import cnnlab.model.shape.Resampling;
import cnnlab.scratch.layer.BilinearResize2d;
import cnnlab.scratch.layer.Broadcast;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Crop2d;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Permute;
import cnnlab.scratch.layer.Regroup;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Upsample2d;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** Translates what changes shapes: preprocessors, and layers that pad, crop and enlarge. */
final class ShapeCompiler {
  private ShapeCompiler() {}

  static Layer preprocessor(String name, InputPreProcessor preprocessor) {
    if (preprocessor instanceof CnnToFeedForwardPreProcessor flatten) {
      ConvolutionCompiler.requireChannelsFirst(name, preprocessor, flatten.getFormat());
      return new Flatten();
    } else if (preprocessor instanceof ChannelsLastFlatten) {
      return new FlattenChannelsLast();
    } else if (preprocessor instanceof ChannelAffine affine) {
      return new ScaleShift(affine.scale(), affine.offset());
    } else if (preprocessor instanceof ChannelsLastReshape reshape) {
      long[] to = reshape.to();
      return new Reshape(to.length == 1 ? shape(to[0], 1, 1) : shape(to[2], to[0], to[1]));
    } else if (preprocessor instanceof Repetition repetition) {
      long[] to = repetition.to();
      return new Broadcast(shape(to[0], to[1], to[2]));
    } else if (preprocessor instanceof AxisPermutation permutation) {
      int[] axes = permutation.axes();
      return new Permute(axes[0], axes[1], axes[2]);
    } else if (preprocessor instanceof ChannelSelection selection) {
      return new ChannelSlice(selection.from(), selection.to());
    } else if (preprocessor instanceof BilinearResize resize) {
      return new BilinearResize2d(size(resize.to()[0]), size(resize.to()[1]));
    } else if (preprocessor instanceof Resampling resampling) {
      return new Resample2d(
          taps(resampling.rows(), resampling.rowFactors()),
          taps(resampling.columns(), resampling.columnFactors()));
    } else if (preprocessor instanceof AxisRegrouping regrouping) {
      long[] to = regrouping.to();
      return new Regroup(
          Arrays.stream(regrouping.sizes()).mapToObj(ShapeCompiler::size).toList(),
          Arrays.stream(regrouping.order()).boxed().toList(),
          to.length == 1 ? shape(to[0], 1, 1) : shape(to[0], to[1], to[2]));
    }
    throw new UnsupportedGraphException(name, preprocessor, "this preprocessor");
  }

  private static List<Resample2d.Taps> taps(int[][] at, double[][] factors) {
    return IntStream.range(0, at.length)
        .mapToObj(
            i ->
                new Resample2d.Taps(
                    Arrays.stream(at[i]).boxed().toList(),
                    Arrays.stream(factors[i]).boxed().toList()))
        .toList();
  }

  private static Shape shape(long channels, long height, long width) {
    return new Shape(size(channels), size(height), size(width));
  }

  private static int size(long n) {
    return Math.toIntExact(n);
  }

  static Layer zeroPadding(String name, ZeroPaddingLayer layer) {
    ConvolutionCompiler.requireChannelsFirst(name, layer, layer.getDataFormat());
    int[] p = layer.getPadding();
    return new ZeroPad2d(p[0], p[2], p[1], p[3]);
  }

  static Layer cropping(String name, Cropping2D layer) {
    ConvolutionCompiler.requireChannelsFirst(name, layer, layer.getDataFormat());
    int[] c = layer.getCropping();
    require(c != null && c.length == 4, name, layer, "cropping without four numbers");
    return new Crop2d(c[0], c[2], c[1], c[3]);
  }

  static Layer upsampling(String name, Upsampling2D layer) {
    ConvolutionCompiler.requireChannelsFirst(name, layer, layer.getFormat());
    int[] size = layer.getSize();
    return new Upsample2d(size[0], size[size.length - 1]);
  }
}

package cnnlab.scratch.dl4j;

import static cnnlab.scratch.dl4j.UnsupportedGraphException.require;

import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.GaussianNoise;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.SpatialDropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;

/** Translates DL4J's dropout and noise on a layer's input. */
final class DropoutCompiler {
  private DropoutCompiler() {}

  /**
   * The layer to be placed before the one that has this dropout.
   *
   * @throws UnsupportedGraphException when the engine does not support it
   */
  static Layer layer(String name, IDropout dropout) {
    if (dropout instanceof org.deeplearning4j.nn.conf.dropout.Dropout d) {
      require(d.getPSchedule() == null, name, dropout, "a dropout schedule");
      return new Dropout(d.getP());
    } else if (dropout instanceof org.deeplearning4j.nn.conf.dropout.SpatialDropout d) {
      require(d.getPSchedule() == null, name, dropout, "a dropout schedule");
      return new SpatialDropout(d.getP());
    } else if (dropout instanceof org.deeplearning4j.nn.conf.dropout.GaussianDropout d) {
      require(d.getRateSchedule() == null, name, dropout, "a dropout schedule");
      return new GaussianDropout(d.getRate());
    } else if (dropout instanceof org.deeplearning4j.nn.conf.dropout.GaussianNoise d) {
      require(d.getStddevSchedule() == null, name, dropout, "a noise schedule");
      return new GaussianNoise(d.getStddev());
    }
    throw new UnsupportedGraphException(name, dropout, "this kind of dropout");
  }
}

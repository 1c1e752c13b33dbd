package cnnlab.explorer;

import cnnlab.crosscheck.LayerOutputs;
import cnnlab.explorer.ValueStory.Part;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Window;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Tells how a value came about, by the equations in the Javadoc of the layers. Layers without a
 * story here show their value only.
 */
final class Storyteller {
  /** Windows that are shown; a convolution may have hundreds of input channels. */
  private static final int MOST_PARTS = 12;

  /** Terms of a dense layer that are shown. */
  private static final int MOST_TERMS = 48;

  private static final String RELU = "ReLU";

  private final Network network;
  private final float[] image;
  private final LayerOutputs outputs;

  /**
   * @param image the input [C, H, W]
   * @param outputs of all layers for it
   */
  Storyteller(Network network, float[] image, LayerOutputs outputs) {
    this.network = network;
    this.image = image;
    this.outputs = outputs;
  }

  /**
   * The story of a value.
   *
   * @throws IllegalArgumentException when the layer or the place does not exist
   */
  ValueStory tell(String name, int channel, int row, int column) {
    Node node =
        network.nodes().stream()
            .filter(n -> n.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no layer '" + name + "'"));
    Shape shape = node.shape();
    if (channel < 0
        || channel >= shape.channels()
        || row < 0
        || row >= shape.height()
        || column < 0
        || column >= shape.width()) {
      throw new IllegalArgumentException(
          "layer '%s' has shape %s; there is no value at channel %s, row %s, column %s"
              .formatted(name, shape, channel, row, column));
    }
    return new Story(node, channel, row, column).tell();
  }

  private float[] values(int node) {
    return node < 0 ? image : outputs.scratch().get(network.nodes().get(node).name());
  }

  private Shape shape(int node) {
    return node < 0 ? network.inputShape() : network.nodes().get(node).shape();
  }

  /** The story of one value. */
  private final class Story {
    private final Node node;
    private final int channel;
    private final int row;
    private final int column;
    private final int at;
    private final float[] x;
    private final Shape in;
    private final float[] p = network.parameters();

    Story(Node node, int channel, int row, int column) {
      this.node = node;
      this.channel = channel;
      this.row = row;
      this.column = column;
      this.at = (channel * node.shape().height() + row) * node.shape().width() + column;
      this.x = values(node.inputs().get(0));
      this.in = shape(node.inputs().get(0));
    }

    ValueStory tell() {
      Layer layer = node.layer();
      if (layer instanceof Conv2d conv) {
        return convolution(conv);
      } else if (layer instanceof DepthwiseConv2d conv) {
        return depthwise(conv);
      } else if (layer instanceof Dense dense) {
        return dense(dense);
      } else if (layer instanceof MaxPool2d pool) {
        return pooling(pool.window(), "y = max over the window", true, false);
      } else if (layer instanceof AvgPool2d pool) {
        return pooling(pool.window(), "y = mean over the window", false, pool.countPadding());
      } else if (layer instanceof GlobalAvgPool2d || layer instanceof GlobalMaxPool2d) {
        return global(layer instanceof GlobalMaxPool2d);
      } else if (layer instanceof BatchNorm norm) {
        return normalisation(norm);
      } else if (layer instanceof Activate activate) {
        double before = x[at];
        return story(
            "y = f(x)",
            List.of(single("input", before)),
            0,
            0,
            null,
            before,
            activate.activation().toString(),
            (double) activate.activation().apply((float) before));
      } else if (layer instanceof Softmax) {
        return softmax();
      } else if (layer instanceof ElementwiseMerge merge) {
        return merge(merge);
      }
      return story(
          "not explained here; the layer moves or combines values of its inputs",
          List.of(),
          0,
          0,
          null,
          null,
          "",
          null);
    }

    private ValueStory convolution(Conv2d conv) {
      int kernel = conv.window().kernelHeight() * conv.window().kernelWidth();
      List<Part> all = new ArrayList<>();
      for (int c = 0; c < conv.inChannels(); c++) {
        int first = node.parameterOffset() + (channel * conv.inChannels() + c) * kernel;
        all.add(window(conv.window(), c, first));
      }
      int bias = node.parameterOffset() + conv.outChannels() * conv.inChannels() * kernel + channel;
      return summed(
          "y[o, i, j] = f( b[o] + Σ_c Σ_u Σ_v w[o, c, u, v] · x[c, i·s + u − p, j·s + v − p] )",
          all,
          conv.bias() ? Double.valueOf(p[bias]) : null,
          conv.relu());
    }

    private ValueStory depthwise(DepthwiseConv2d conv) {
      int kernel = conv.window().kernelHeight() * conv.window().kernelWidth();
      int outChannels = conv.channels() * conv.multiplier();
      Part part =
          window(
              conv.window(),
              channel / conv.multiplier(),
              node.parameterOffset() + channel * kernel);
      int bias = node.parameterOffset() + outChannels * kernel + channel;
      return summed(
          "y[c, i, j] = f( b[c] + Σ_u Σ_v w[c, u, v] · x[c, i·s + u − p, j·s + v − p] ), each channel by itself",
          List.of(part),
          conv.bias() ? Double.valueOf(p[bias]) : null,
          conv.relu());
    }

    private ValueStory dense(Dense dense) {
      List<Part> terms = new ArrayList<>();
      for (int i = 0; i < dense.in(); i++) {
        double w = p[node.parameterOffset() + i * dense.out() + channel];
        terms.add(
            new Part("x[" + i + "]", 1, 1, List.of((double) x[i]), List.of(w), w * x[i], i, 0, 0));
      }
      int bias = node.parameterOffset() + dense.in() * dense.out() + channel;
      return summed(
          "y[o] = f( b[o] + Σ_i w[i, o] · x[i] )",
          terms,
          dense.bias() ? Double.valueOf(p[bias]) : null,
          dense.relu());
    }

    private ValueStory summed(String equation, List<Part> all, Double bias, boolean relu) {
      double sum = all.stream().mapToDouble(Part::sum).sum() + (bias == null ? 0 : bias);
      int most = node.layer() instanceof Dense ? MOST_TERMS : MOST_PARTS;
      List<Part> shown = all;
      if (all.size() > most) {
        shown =
            all.stream()
                .sorted(Comparator.comparingDouble((Part part) -> -Math.abs(part.sum())))
                .limit(most)
                .toList();
      }
      double rest =
          all.stream().mapToDouble(Part::sum).sum() - shown.stream().mapToDouble(Part::sum).sum();
      int omitted = all.size() - shown.size();
      return story(
          equation,
          shown,
          omitted,
          omitted == 0 ? 0 : rest,
          bias,
          sum,
          relu ? RELU : "",
          relu ? Math.max(sum, 0) : sum);
    }

    /** The window of the value on one input channel, with the weights from {@code first} on. */
    private Part window(Window window, int c, int first) {
      Window.Geometry g = window.on(in.height(), in.width());
      List<Double> inputs = new ArrayList<>();
      List<Double> weights = new ArrayList<>();
      double sum = 0;
      for (int u = 0; u < g.kernelHeight(); u++) {
        for (int v = 0; v < g.kernelWidth(); v++) {
          Double value =
              input(
                  c, g.row(row) + u * g.dilationHeight(), g.column(column) + v * g.dilationWidth());
          double w = p[first + u * g.kernelWidth() + v];
          inputs.add(value);
          weights.add(w);
          sum += value == null ? 0 : w * value;
        }
      }
      return new Part(
          "channel " + c,
          g.kernelHeight(),
          g.kernelWidth(),
          inputs,
          weights,
          sum,
          c,
          g.row(row),
          g.column(column));
    }

    /** An input value; null outside the image. */
    private Double input(int c, int y, int at) {
      boolean inside = y >= 0 && y < in.height() && at >= 0 && at < in.width();
      return inside ? Double.valueOf(x[(c * in.height() + y) * in.width() + at]) : null;
    }

    private ValueStory pooling(Window window, String equation, boolean max, boolean padding) {
      Window.Geometry g = window.on(in.height(), in.width());
      List<Double> inputs = new ArrayList<>();
      for (int u = 0; u < g.kernelHeight(); u++) {
        for (int v = 0; v < g.kernelWidth(); v++) {
          inputs.add(input(channel, g.row(row) + u, g.column(column) + v));
        }
      }
      List<Double> inside = inputs.stream().filter(value -> value != null).toList();
      double sum = inside.stream().mapToDouble(Double::doubleValue).sum();
      double value =
          max
              ? inside.stream().mapToDouble(Double::doubleValue).max().orElseThrow()
              : sum / (padding ? inputs.size() : inside.size());
      Part part =
          new Part(
              "channel " + channel,
              g.kernelHeight(),
              g.kernelWidth(),
              inputs,
              null,
              value,
              channel,
              g.row(row),
              g.column(column));
      return story(equation, List.of(part), 0, 0, null, null, "", value);
    }

    private ValueStory global(boolean max) {
      double sum = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < in.plane(); i++) {
        double value = x[channel * in.plane() + i];
        sum += value;
        most = Math.max(most, value);
      }
      double value = max ? most : sum / in.plane();
      Part part =
          new Part(
              "channel %s, all %s values".formatted(channel, in.plane()),
              0,
              0,
              List.of(),
              null,
              value,
              channel,
              0,
              0);
      return story(
          max ? "y[c] = max over the map" : "y[c] = mean over the map",
          List.of(part),
          0,
          0,
          null,
          null,
          "",
          value);
    }

    private ValueStory normalisation(BatchNorm norm) {
      int from = node.parameterOffset() + channel;
      double gamma = p[from];
      double beta = p[from + norm.channels()];
      double mean = p[from + 2 * norm.channels()];
      double variance = p[from + 3 * norm.channels()];
      double value = gamma * (x[at] - mean) / Math.sqrt(variance + norm.eps()) + beta;
      return story(
          "y = γ · (x − mean) / √(var + ε) + β",
          List.of(
              single("x", x[at]),
              single("γ", gamma),
              single("β", beta),
              single("mean", mean),
              single("var", variance),
              single("ε", norm.eps())),
          0,
          0,
          null,
          null,
          "",
          value);
    }

    private ValueStory softmax() {
      int plane = in.plane();
      int place = at % plane;
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < in.channels(); c++) {
        most = Math.max(most, x[c * plane + place]);
      }
      double total = 0;
      List<Part> parts = new ArrayList<>();
      for (int c = 0; c < in.channels(); c++) {
        double e = Math.exp(x[c * plane + place] - most);
        total += e;
        if (c < MOST_TERMS) {
          parts.add(
              new Part(
                  "x[" + c + "]", 1, 1, List.of((double) x[c * plane + place]), null, e, c, 0, 0));
        }
      }
      return story(
          "y[k] = exp(x[k] − max x) / Σ_j exp(x[j] − max x)",
          parts,
          Math.max(0, in.channels() - MOST_TERMS),
          0,
          null,
          total,
          "",
          Math.exp(x[at] - most) / total);
    }

    private ValueStory merge(ElementwiseMerge merge) {
      List<Part> parts = new ArrayList<>();
      double[] found = new double[node.inputs().size()];
      for (int i = 0; i < found.length; i++) {
        int from = node.inputs().get(i);
        found[i] = values(from)[at];
        parts.add(single(from < 0 ? "image" : network.nodes().get(from).name(), found[i]));
      }
      double value = found[0];
      for (int i = 1; i < found.length; i++) {
        value =
            switch (merge.op()) {
              case ADD, AVERAGE -> value + found[i];
              case SUBTRACT -> value - found[i];
              case MULTIPLY -> value * found[i];
              case MAXIMUM -> Math.max(value, found[i]);
            };
      }
      if (merge.op() == ElementwiseMerge.Op.AVERAGE) {
        value /= found.length;
      }
      return story(
          "y = %s of the inputs at this place".formatted(merge.kind().toLowerCase(Locale.ROOT)),
          parts,
          0,
          0,
          null,
          null,
          "",
          value);
    }

    private Part single(String name, double value) {
      return new Part(name, 1, 1, List.of(value), null, value, channel, row, column);
    }

    private ValueStory story(
        String equation,
        List<Part> parts,
        int omitted,
        double omittedSum,
        Double bias,
        Double sum,
        String function,
        Double result) {
      float[] theirs = outputs.library().get(node.name());
      double[] exact = outputs.exact().get(node.name());
      return new ValueStory(
          node.name(),
          node.layer().kind(),
          equation,
          channel,
          row,
          column,
          parts,
          omitted,
          omittedSum,
          bias,
          sum,
          function,
          result,
          outputs.scratch().get(node.name())[at],
          theirs == null ? null : Double.valueOf(theirs[at]),
          exact == null ? null : exact[at]);
    }
  }
}

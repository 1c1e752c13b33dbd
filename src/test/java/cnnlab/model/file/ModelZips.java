package cnnlab.model.file;

import cnnlab.model.layer.ChannelAffine;
import cnnlab.model.layer.CosineSchedule;
import cnnlab.model.layer.RectifiedLinear;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Zips of models, intact and damaged. */
final class ModelZips {
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_SIZE = 24;
  private static final int CENTRAL_NAME_LENGTH = 28;
  private static final int CENTRAL_NAME = 46;

  private ModelZips() {}

  /** A small graph with an object in every place where a configuration names a class. */
  static ComputationGraph everyPiece() {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .updater(new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 1e-3, 0.99)))
            .biasUpdater(new Sgd(new CosineSchedule(1e-3, 0, 1, 10)))
            .l1(1e-4)
            .weightDecay(1e-4)
            .l2Bias(1e-5)
            .graphBuilder()
            .addInputs("input")
            .setInputTypes(InputType.convolutional(4, 4, 1))
            .addVertex(
                "rescale",
                new PreprocessorVertex(
                    new ComposableInputPreProcessor(
                        new ChannelAffine(new float[] {2}, new float[] {1}))),
                "input")
            .addLayer(
                "conv",
                new ConvolutionLayer.Builder(2, 2)
                    .nOut(3)
                    .convolutionMode(ConvolutionMode.Same)
                    .weightInit(new WeightInitDistribution(new NormalDistribution(0, 0.1)))
                    .activation(Activation.RELU)
                    .dropOut(new GaussianDropout(0.3))
                    .weightNoise(new DropConnect(0.9))
                    .constrainWeights(new MaxNormConstraint(2, 1), new NonNegativeConstraint())
                    .build(),
                "rescale")
            .addLayer("norm", new BatchNormalization(), "conv")
            .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv", "norm")
            .addLayer(
                "dense",
                new DenseLayer.Builder()
                    .nOut(5)
                    .weightInit(WeightInit.XAVIER_UNIFORM)
                    .activation(new RectifiedLinear(6.0, 0.1, 0))
                    .build(),
                new CnnToFeedForwardPreProcessor(4, 4, 3),
                "add")
            .addLayer(
                "out",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(2)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "dense")
            .setOutputs("out");
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    return graph;
  }

  static byte[] entry(Path zip, String name) throws IOException {
    return entries(zip).get(name);
  }

  static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  /** A copy with some entries added or replaced. */
  static Path with(Path source, Path target, Map<String, byte[]> changes) throws IOException {
    Map<String, byte[]> entries = entries(source);
    entries.putAll(changes);
    return write(target, entries, ZipEntry.DEFLATED);
  }

  static Path without(Path source, Path target, String name) throws IOException {
    Map<String, byte[]> entries = entries(source);
    entries.remove(name);
    return write(target, entries, ZipEntry.DEFLATED);
  }

  /** A copy that is not compressed. */
  static Path stored(Path source, Path target) throws IOException {
    return write(target, entries(source), ZipEntry.STORED);
  }

  static Path write(Path target, Map<String, byte[]> entries, int method) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(e.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          CRC32 sum = new CRC32();
          sum.update(e.getValue());
          entry.setSize(e.getValue().length);
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(e.getValue());
      }
    }
    return target;
  }

  /** A copy whose entry unpacks to the given number of zeros. */
  static Path withZeros(Path source, Path target, String name, long zeros) throws IOException {
    Map<String, byte[]> entries = entries(source);
    entries.remove(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
      zip.putNextEntry(new ZipEntry(name));
      write(zip, zeros);
    }
    return target;
  }

  private static void write(OutputStream out, long zeros) throws IOException {
    byte[] piece = new byte[1 << 20];
    for (long left = zeros; left > 0; left -= piece.length) {
      out.write(piece, 0, (int) Math.min(left, piece.length));
    }
  }

  /** Renames an entry, keeping the length, in both places that contain the name. */
  static Path renamed(Path file, String name, String other) throws IOException {
    byte[] zip = Files.readAllBytes(file);
    byte[] from = name.getBytes(StandardCharsets.UTF_8);
    for (int at = indexOf(zip, from); at >= 0; at = indexOf(zip, from)) {
      System.arraycopy(other.getBytes(StandardCharsets.UTF_8), 0, zip, at, from.length);
    }
    return Files.write(file, zip);
  }

  /** Changes the unpacked size in the archive's directory. */
  static void lie(Path file, String name, long size) throws IOException {
    byte[] zip = Files.readAllBytes(file);
    ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + CENTRAL_NAME < zip.length; at++) {
      if (in.getInt(at) == CENTRAL
          && name.equals(
              new String(
                  zip,
                  at + CENTRAL_NAME,
                  in.getShort(at + CENTRAL_NAME_LENGTH),
                  StandardCharsets.UTF_8))) {
        in.putInt(at + CENTRAL_SIZE, (int) size);
        Files.write(file, zip);
        return;
      }
    }
    throw new IllegalArgumentException("no entry " + name);
  }

  static int indexOf(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }
}

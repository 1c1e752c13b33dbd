package cnnlab.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How far a training is: its history, the best weights, and in a file also the engine's state. A
 * training that goes on from a file ends with the same bits as one that was never interrupted.
 */
final class Checkpoint {
  private static final long MAGIC = 0x434e_4e4c_4142_0002L;

  private final List<EpochMetrics> history = new ArrayList<>();
  private int bestEpoch;
  private double bestScore = Double.NEGATIVE_INFINITY;
  private float[] bestWeights;

  private Checkpoint() {}

  /**
   * A new training, or the one that the file holds; in that case the engine's state is set.
   *
   * @param file may be null or not exist
   * @throws IOException when the file is not a checkpoint of this engine and model; names it and
   *     what to do
   */
  static Checkpoint resume(Path file, Engine engine) throws IOException {
    Checkpoint checkpoint = new Checkpoint();
    if (file == null || !Files.exists(file)) {
      return checkpoint;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      checkpoint.read(in, engine);
      return checkpoint;
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /**
   * How many epochs are done according to a file.
   *
   * @param file may be null or not exist: 0
   * @throws IOException when the file is not a checkpoint
   */
  static int epochs(Path file) throws IOException {
    if (file == null || !Files.exists(file)) {
      return 0;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      readEngine(in);
      return in.readInt();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static IOException unusable(Path file, IOException e) {
    return e instanceof EOFException
        ? new IOException(file + ": the checkpoint is cut short; delete it to start again", e)
        : new IOException(
            "%s: not a checkpoint of this training (%s); delete it to start again"
                .formatted(file, e.getMessage()),
            e);
  }

  private static String readEngine(DataInputStream in) throws IOException {
    if (in.readLong() != MAGIC) {
      throw new IOException("its first bytes are others");
    }
    return in.readUTF();
  }

  private void read(DataInputStream in, Engine engine) throws IOException {
    String name = readEngine(in);
    if (!name.equals(engine.name())) {
      throw new IOException("it is of engine " + name + ", this is " + engine.name());
    }
    int epochs = in.readInt();
    for (int i = 0; i < epochs; i++) {
      history.add(
          new EpochMetrics(
              in.readInt(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readBoolean() ? in.readDouble() : null,
              in.readDouble(),
              in.readDouble()));
    }
    bestEpoch = in.readInt();
    bestScore = in.readDouble();
    if (in.readBoolean()) {
      bestWeights = engine.weights();
      FloatArrays.read(in, bestWeights);
    }
    engine.loadState(in);
  }

  /** Writes to a temporary name, then moves; does nothing without a file. */
  void write(Path file, Engine engine) throws IOException {
    if (file == null) {
      return;
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)))) {
      out.writeLong(MAGIC);
      out.writeUTF(engine.name());
      out.writeInt(history.size());
      for (EpochMetrics m : history) {
        out.writeInt(m.epoch());
        out.writeDouble(m.batchLoss());
        out.writeDouble(m.trainLoss());
        out.writeDouble(m.trainAccuracy());
        out.writeDouble(m.validationLoss());
        out.writeDouble(m.validationAccuracy());
        out.writeBoolean(m.validationAuc() != null);
        if (m.validationAuc() != null) {
          out.writeDouble(m.validationAuc());
        }
        out.writeDouble(m.imagesPerSecond());
        out.writeDouble(m.seconds());
      }
      out.writeInt(bestEpoch);
      out.writeDouble(bestScore);
      out.writeBoolean(bestWeights != null);
      if (bestWeights != null) {
        FloatArrays.write(out, bestWeights);
      }
      engine.saveState(out);
    }
    Files.move(
        temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes note of an epoch; keeps the weights if it is the best so far by what is watched. */
  void add(EpochMetrics metrics, Trainer.Metric watch, Engine engine) {
    history.add(metrics);
    double score = watch.score(metrics);
    if (score > bestScore) {
      bestScore = score;
      bestEpoch = metrics.epoch();
      bestWeights = watch == Trainer.Metric.NONE ? null : engine.weights();
    }
  }

  List<EpochMetrics> history() {
    return Collections.unmodifiableList(history);
  }

  int bestEpoch() {
    return bestEpoch;
  }

  /** Null when nothing is watched or no epoch is done. */
  float[] bestWeights() {
    return bestWeights;
  }
}

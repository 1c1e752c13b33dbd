package cnnlab.training;

import cnnlab.engine.Engine;
import cnnlab.engine.FloatArrays;
import cnnlab.io.AtomicFile;
import cnnlab.io.Sha256;
import cnnlab.store.CheckpointFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a training: its history, the best weights and, in a file, the engine's state. A
 * training that is resumed from a file gives the same bits as one that was never interrupted.
 *
 * <p>The file holds {@code CNNLABCP}, the version of the format, the origin of the training, the
 * engine, the history, the weights and the state, followed by the SHA-256 of all this as 64
 * hexadecimal digits. A damaged file is discarded with a warning, and the training starts over. A
 * file of another training is refused.
 */
final class Checkpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
  private static final long MAGIC = 0x434e_4e4c_4142_4350L;
  private static final int VERSION = 3;
  private static final int DIGITS = 64;

  /** The least size of an epoch: 7 doubles, its number, and whether there is an AUC. */
  private static final int EPOCH_BYTES = 7 * Double.BYTES + Integer.BYTES + 1;

  private final List<EpochMetrics> history = new ArrayList<>();
  private int bestEpoch;
  private double bestScore = Double.NEGATIVE_INFINITY;
  private float[] bestWeights;

  private Checkpoint() {}

  /** The file is truncated, was changed, or is not a checkpoint. */
  private static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    private DamagedException(String why) {
      super(why);
    }
  }

  /** The first part of a file. */
  private record Header(String origin, String engine, int epochs) {
    static Header read(DataInputStream in) throws IOException {
      if (in.readLong() != MAGIC) {
        throw new DamagedException("it is not a checkpoint, or one of an earlier version");
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new DamagedException(
            "it has format %d, this version reads format %d".formatted(version, VERSION));
      }
      return new Header(in.readUTF(), in.readUTF(), in.readInt());
    }

    void write(DataOutputStream out) throws IOException {
      out.writeLong(MAGIC);
      out.writeInt(VERSION);
      out.writeUTF(origin);
      out.writeUTF(engine);
      out.writeInt(epochs);
    }
  }

  /**
   * Starts a new training, or resumes the one in the file and sets the engine's state.
   *
   * @param file the file, which need not exist; may be null
   * @param most the number of epochs of the training; a state beyond it is discarded
   * @throws ForeignCheckpointException when the file belongs to another training
   * @throws IOException when a damaged file cannot be deleted; the message names it
   */
  static Checkpoint resume(CheckpointFile file, int most, Engine engine) throws IOException {
    Checkpoint checkpoint = new Checkpoint();
    if (file == null || !Files.exists(file.path())) {
      return checkpoint;
    }
    try {
      requireUsable(file, most);
    } catch (DamagedException e) {
      LOG.warn("{}: {}; the training starts over", file.path(), e.getMessage());
      remove(file.path());
      return checkpoint;
    }
    try (DataInputStream in = open(file.path())) {
      checkpoint.read(in, engine);
      return checkpoint;
    } catch (EOFException e) {
      throw new ForeignCheckpointException(file.path(), "shorter than this training's state");
    } catch (IOException e) {
      throw new ForeignCheckpointException(file.path(), e.getMessage());
    }
  }

  private static void requireUsable(CheckpointFile file, int most) throws IOException {
    Header header;
    try {
      requireWhole(file.path());
      try (DataInputStream in = open(file.path())) {
        header = Header.read(in);
      }
      requireRoom(header, Files.size(file.path()) - DIGITS);
    } catch (DamagedException e) {
      throw e;
    } catch (EOFException e) {
      throw new DamagedException("the checkpoint is truncated");
    } catch (IOException e) {
      throw new DamagedException("the checkpoint cannot be read (" + e + ")");
    }
    if (!header.origin.equals(file.origin())) {
      throw new ForeignCheckpointException(
          file.path(), "with another configuration, other data or another version of the program");
    }
    if (header.epochs > most) {
      throw new DamagedException(
          "the checkpoint is from epoch %d, beyond epoch %d".formatted(header.epochs, most));
    }
  }

  /** Checked before memory is allocated: a valid checksum does not make the count plausible. */
  private static void requireRoom(Header header, long bytes) throws DamagedException {
    if (header.epochs < 0 || (long) header.epochs * EPOCH_BYTES > bytes) {
      throw new DamagedException(
          "the checkpoint claims %d epochs, which do not fit in its %d bytes"
              .formatted(header.epochs, bytes));
    }
  }

  private static void requireWhole(Path file) throws IOException {
    long content = Files.size(file) - DIGITS;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Header.read(new DataInputStream(new ByteArrayInputStream(head(file))));
      String sum = content < 0 ? "" : Sha256.hex(new Part(in, content));
      if (!sum.equals(new String(in.readNBytes(DIGITS), StandardCharsets.US_ASCII))) {
        throw new DamagedException("the checkpoint is damaged or truncated: its checksum is wrong");
      }
    }
  }

  /** The beginning of a file, enough to tell a foreign file from a damaged checkpoint. */
  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(1 << 10);
    }
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  private static void remove(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new IOException(
          "%s: not a usable checkpoint, and it cannot be deleted (%s); delete it"
              .formatted(file, e),
          e);
    }
  }

  /** The first bytes of a stream, up to a given number. */
  private static final class Part extends FilterInputStream {
    private long left;

    private Part(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      int b = left > 0 ? in.read() : -1;
      left -= b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int n = left > 0 ? in.read(bytes, from, (int) Math.min(count, left)) : -1;
      left -= Math.max(n, 0);
      return n;
    }
  }

  private void read(DataInputStream in, Engine engine) throws IOException {
    Header header = Header.read(in);
    if (!header.engine.equals(engine.name())) {
      throw new IOException(
          "it was written by engine " + header.engine + ", this is " + engine.name());
    }
    for (int i = 0; i < header.epochs; i++) {
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

  /** Writes the file atomically; does nothing if it is null. */
  void write(CheckpointFile file, Engine engine) throws IOException {
    if (file == null) {
      return;
    }
    AtomicFile.write(
        file.path(),
        temporary -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
            DataOutputStream data = new DataOutputStream(out);
            write(data, file.origin(), engine);
            data.flush();
          }
          try (InputStream in = Files.newInputStream(temporary)) {
            Files.writeString(temporary, Sha256.hex(in), StandardOpenOption.APPEND);
          }
        });
  }

  private void write(DataOutputStream out, String origin, Engine engine) throws IOException {
    new Header(origin, engine.name(), history.size()).write(out);
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

  /** Adds an epoch; keeps its weights if its watched metric is the best so far. */
  void add(EpochMetrics metrics, WatchedMetric watch, Engine engine) {
    history.add(metrics);
    double score = watch.score(metrics);
    if (score > bestScore) {
      bestScore = score;
      bestEpoch = metrics.epoch();
      bestWeights = watch == WatchedMetric.NONE ? null : engine.weights();
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

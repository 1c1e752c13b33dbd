package cnnlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.Allocated;
import cnnlab.engine.Engine;
import cnnlab.engine.FloatArrays;
import cnnlab.engine.ScratchEngine;
import cnnlab.io.Sha256;
import cnnlab.model.MnistCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.store.CheckpointFile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forged checkpoints with a valid checksum that try to exhaust memory. */
class HostileCheckpointTest {
  private static final long MAGIC = 0x434e_4e4c_4142_4350L;
  private static final int VERSION = 3;
  private static final int MOST_BYTES = 1_000_000;

  @TempDir Path folder;

  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  private CheckpointFile checkpoint(Body body, boolean sealed) throws IOException {
    CheckpointFile file = CheckpointFile.of(folder.resolve("checkpoint.bin"), "this training");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    out.writeUTF(file.origin());
    out.writeUTF("scratch");
    body.write(out);
    String sum = sealed ? Sha256.hex(bytes.toByteArray()) : "0".repeat(64);
    out.write(sum.getBytes(StandardCharsets.US_ASCII));
    Files.write(file.path(), bytes.toByteArray());
    return file;
  }

  private static Engine engine() {
    return ScratchEngine.forInference(
        GraphCompiler.compile(
            MnistCnn.create(3, Updaters.adam(1e-3, 0.9, 0.999, 1e-7)),
            new Shape(1, 28, 28),
            Kernels.best()),
        1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1_000, 2, -1})
  void moreEpochsThanTheFileHasRoomFor(int epochs) throws IOException {
    CheckpointFile file = checkpoint(out -> out.writeInt(epochs), true);
    try (Engine engine = engine()) {
      assertThat(Allocated.by(() -> Checkpoint.resume(file, Integer.MAX_VALUE, engine)))
          .isLessThan(MOST_BYTES);
      assertThat(file.path()).doesNotExist();
      checkpoint(out -> out.writeInt(epochs), true);
      assertThat(Checkpoint.resume(file, Integer.MAX_VALUE, engine).history()).isEmpty();
    }
  }

  @Test
  void refusesMoreWeightsThanTheModelHas() throws IOException {
    CheckpointFile file =
        checkpoint(
            out -> {
              out.writeInt(0);
              out.writeInt(1);
              out.writeDouble(0.5);
              out.writeBoolean(true);
              out.writeInt(Integer.MAX_VALUE);
            },
            true);
    try (Engine engine = engine()) {
      assertThat(Allocated.by(() -> Checkpoint.resume(file, 3, engine))).isLessThan(MOST_BYTES);
      assertThatThrownBy(() -> Checkpoint.resume(file, 3, engine))
          .isInstanceOf(ForeignCheckpointException.class)
          .hasMessageContainingAll("checkpoint.bin", "2147483647 values", "4266 expected");
    }
  }

  /** A text of 65,535 bytes in a file of 100. */
  @Test
  void refusesATextLongerThanTheFile() throws IOException {
    CheckpointFile file = checkpoint(out -> {}, true);
    byte[] bytes = Files.readAllBytes(file.path());
    bytes[Long.BYTES + Integer.BYTES] = (byte) 0xFF;
    bytes[Long.BYTES + Integer.BYTES + 1] = (byte) 0xFF;
    Files.write(file.path(), bytes);
    try (Engine engine = engine()) {
      assertThat(Allocated.by(() -> Checkpoint.resume(file, 3, engine))).isLessThan(MOST_BYTES);
      assertThat(file.path()).doesNotExist();
    }
  }

  /** A file with a wrong checksum is not trusted. */
  @Test
  void refusesAWrongChecksumFirst() throws IOException {
    CheckpointFile file = checkpoint(out -> out.writeInt(2), false);
    try (Engine engine = engine()) {
      Checkpoint.resume(file, 1, engine);
      assertThat(file.path()).doesNotExist();
      CheckpointFile other = CheckpointFile.of(file.path(), "another training");
      checkpoint(out -> out.writeInt(2), false);
      assertThat(Checkpoint.resume(other, 3, engine).history()).isEmpty();
      // With a valid checksum it belongs to another training and is refused.
      checkpoint(out -> out.write(new byte[200]), true);
      assertThatThrownBy(() -> Checkpoint.resume(other, 3, engine))
          .isInstanceOf(ForeignCheckpointException.class);
    }
  }

  /** Arrays are written and read in chunks of 65,536 values. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
  void arraysOfAnyLength(int length) throws IOException {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(i * 31 + 1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FloatArrays.write(new DataOutputStream(bytes), values);
    assertThat(bytes.size()).isEqualTo(Integer.BYTES + Float.BYTES * length);
    float[] read = new float[length];
    FloatArrays.read(
        new java.io.DataInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray())), read);
    assertThat(read).isEqualTo(values);
  }
}

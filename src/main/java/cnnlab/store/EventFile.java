package cnnlab.store;

import cnnlab.io.WriteFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * An event file that TensorBoard can read while it grows: records in TensorFlow's {@code TFRecord}
 * format, each an {@code Event} message. A truncated last record is ignored by readers.
 *
 * <p>A record is its length (8 bytes, little endian), the masked CRC of these 8 bytes, the data,
 * and the masked CRC of the data; see TensorFlow's {@code record_writer.h}, and {@code
 * event.proto}, {@code summary.proto}, {@code tensor.proto} and the plugin's {@code
 * plugin_data.proto} for the numbers of fields.
 */
public final class EventFile implements AutoCloseable {
  /** The version that readers expect in the first record. */
  private static final String VERSION = "brain.Event:2";

  private static final int MASK_DELTA = 0xa282ead8;
  private static final int DT_FLOAT = 1;
  private static final int DT_STRING = 7;
  private static final int DATA_CLASS_TENSOR = 2;

  /** The number of channels of pictures. */
  private static final int RGB = 3;

  /** The number of classes of a histogram. */
  private static final int CLASSES = 30;

  private final Path path;
  private final FileChannel channel;
  private final Clock clock;

  private EventFile(Path path, FileChannel channel, Clock clock) {
    this.path = path;
    this.channel = channel;
    this.clock = clock;
  }

  /**
   * Creates a new file in a folder, which is created if missing. The files of one folder form one
   * curve; their names sort by time.
   *
   * @throws IOException if it cannot be written
   */
  public static EventFile create(Path folder, Clock clock) throws IOException {
    Files.createDirectories(folder);
    String name =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%010d.%s",
            clock.instant().getEpochSecond(),
            UUID.randomUUID().toString());
    Path path = folder.resolve(name);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    EventFile file = new EventFile(path, channel, clock);
    file.append(file.event(0).text(3, VERSION));
    return file;
  }

  /**
   * Adds a point to a curve.
   *
   * @param step such as the epoch
   * @param tag name of the curve
   */
  public void scalar(long step, String tag, double value) throws IOException {
    append(summary(step, new Protobuf().text(1, tag).fixed(2, (float) value)));
  }

  /**
   * Adds a picture.
   *
   * @param step such as the epoch
   * @param tag its name; pictures of the same name can be leafed through
   * @param width in pixels
   * @param height in pixels
   * @param png the bytes of a PNG file
   */
  public void image(long step, String tag, int width, int height, byte[] png) throws IOException {
    Protobuf image = new Protobuf().varint(1, height).varint(2, width).varint(3, RGB).bytes(4, png);
    append(summary(step, new Protobuf().text(1, tag).message(4, image)));
  }

  /**
   * Adds the distribution of some values, in 30 classes of equal width.
   *
   * @param step such as the epoch
   * @param tag its name
   * @param values at least one, all finite
   * @throws IllegalArgumentException if there are none, or one is NaN or infinite
   */
  public void histogram(long step, String tag, float[] values) throws IOException {
    append(summary(step, new Protobuf().text(1, tag).message(5, histogram(tag, values))));
  }

  /** A {@code HistogramProto}; counts and limits of the classes are packed doubles. */
  private static Protobuf histogram(String tag, float[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
      squares += (double) value * value;
    }
    if (!Double.isFinite(squares) || values.length == 0) {
      throw new IllegalArgumentException(
          "%s: %s values, expected at least one, all finite".formatted(tag, values.length));
    }
    // Values that are all the same get one class around them.
    double width = high > low ? (high - low) / CLASSES : 1;
    int classes = high > low ? CLASSES : 1;
    double from = high > low ? low : low - width / 2;
    double[] counts = new double[classes];
    for (float value : values) {
      counts[(int) Math.min(classes - 1L, (long) ((value - from) / width))]++;
    }
    double[] limits = new double[classes];
    for (int i = 0; i < classes; i++) {
      limits[i] = i == classes - 1 && high > low ? high : from + (i + 1) * width;
    }
    Protobuf histogram = new Protobuf();
    double[] numbers = {low, high, values.length, sum, squares};
    for (int i = 0; i < numbers.length; i++) {
      // Zeros are left out, as in all messages of this version of the format.
      if (numbers[i] != 0) {
        histogram.fixed(i + 1, numbers[i]);
      }
    }
    return histogram.packed(6, limits).packed(7, counts);
  }

  /**
   * Adds a text.
   *
   * @param markdown the text, rendered as Markdown
   */
  public void text(String tag, String markdown) throws IOException {
    Protobuf tensor =
        new Protobuf().varint(1, DT_STRING).message(2, new Protobuf()).text(8, markdown);
    append(
        summary(
            0,
            new Protobuf()
                .text(1, tag + "/text_summary")
                .message(8, tensor)
                .message(9, metadata("text", new byte[0]))));
  }

  /**
   * Records the hyper-parameters of the curves in this folder and below, for TensorBoard's table.
   *
   * @param values numbers and booleans keep their type, other values are written as text
   */
  public void hyperparameters(Map<String, Object> values) throws IOException {
    Instant now = clock.instant();
    Protobuf start = new Protobuf();
    values.forEach(
        (key, value) -> start.message(1, new Protobuf().text(1, key).message(2, value(value))));
    start.fixed(5, seconds(now));
    // Repeated numbers are packed: one field of all their bytes, here of a single zero.
    Protobuf zero =
        new Protobuf()
            .varint(1, DT_FLOAT)
            .message(2, new Protobuf())
            .bytes(5, new byte[Float.BYTES]);
    append(
        summary(
            0,
            new Protobuf()
                .text(1, "_hparams_/session_start_info")
                .message(8, zero)
                .message(9, metadata("hparams", new Protobuf().message(3, start).toBytes()))));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Protobuf summary(long step, Protobuf value) {
    return event(step).message(5, new Protobuf().message(1, value));
  }

  private Protobuf event(long step) {
    Protobuf event = new Protobuf().fixed(1, seconds(clock.instant()));
    return step == 0 ? event : event.varint(2, step);
  }

  private static Protobuf metadata(String plugin, byte[] content) {
    Protobuf data = new Protobuf().text(1, plugin);
    return new Protobuf()
        .message(1, content.length == 0 ? data : data.bytes(2, content))
        .varint(4, DATA_CLASS_TENSOR);
  }

  /** A {@code google.protobuf.Value}. */
  private static Protobuf value(Object value) {
    if (value instanceof Number number) {
      return new Protobuf().fixed(2, number.doubleValue());
    }
    return value instanceof Boolean flag
        ? new Protobuf().varint(4, flag ? 1 : 0)
        : new Protobuf().text(3, String.valueOf(value));
  }

  private static double seconds(Instant at) {
    return at.getEpochSecond() + at.getNano() * 1e-9;
  }

  /** Writes one record immediately, so that readers see it. */
  private void append(Protobuf event) throws IOException {
    byte[] data = event.toBytes();
    byte[] length =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(data.length).array();
    ByteBuffer record =
        ByteBuffer.allocate(length.length + data.length + 2 * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(length)
            .putInt(masked(length))
            .put(data)
            .putInt(masked(data))
            .flip();
    try {
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } catch (IOException e) {
      throw WriteFault.named(path, e);
    }
  }

  /**
   * CRC-32C, rotated and offset, because the CRC of data that contains its own CRC detects little.
   */
  private static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}

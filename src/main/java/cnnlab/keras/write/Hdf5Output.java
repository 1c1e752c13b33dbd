package cnnlab.keras.write;

import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes an HDF5 file of float32 arrays and text attributes, as much of the format as Keras needs.
 * jHDF can write arrays, but not texts of more than 64 KB, and the configuration of a model is
 * longer. Texts are therefore stored in the global heap, as h5py does.
 *
 * <p>Source: HDF5 File Format Specification 3.0 (superblock version 2; object headers version 2;
 * compact links; contiguous arrays). <a
 * href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">support.hdfgroup.org</a>
 */
final class Hdf5Output {
  private static final int SUPERBLOCK_BYTES = 48;
  private static final int HEAP_HEADER = 16;
  private static final int HEAP_LEAST = 4096;
  private static final int MOST_TEXTS = 0xFFFF;
  private static final long UNDEFINED = -1L;

  /** A little-endian IEEE float of 32 bits. */
  private static final byte[] FLOAT = {
    0x11, 0x20, 0x1F, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0
  };

  /** A text of any length in UTF-8. */
  private static final byte[] TEXT = {
    0x19, 0x01, 0x01, 0, 16, 0, 0, 0, 0x13, 0x10, 0, 0, 1, 0, 0, 0
  };

  private static final int DATASPACE = 1;
  private static final int LINK_INFO = 2;
  private static final int DATATYPE = 3;
  private static final int FILL_VALUE = 5;
  private static final int LINK = 6;
  private static final int LAYOUT = 8;
  private static final int GROUP_INFO = 10;
  private static final int ATTRIBUTE = 12;

  /** A part of the file: bytes, or an array. */
  private record Part(byte[] bytes, WeightValues array) {}

  private final List<Part> parts = new ArrayList<>();
  private final List<byte[]> texts = new ArrayList<>();
  private long end = SUPERBLOCK_BYTES;

  private Hdf5Output() {}

  /**
   * Writes a file.
   *
   * @param root its groups, arrays and attributes
   * @param out is not closed
   * @throws IOException when it cannot be written, or has more than 65,535 texts
   */
  static void write(Hdf5Group root, OutputStream out) throws IOException {
    Hdf5Output file = new Hdf5Output();
    file.collectTexts(root);
    file.addBytes(file.heap());
    file.texts.clear();
    long address = file.add(root);
    out.write(file.superblock(address));
    for (Part part : file.parts) {
      out.write(part.array == null ? part.bytes : bytes(part.array));
    }
  }

  private void collectTexts(Hdf5Group group) throws IOException {
    group.texts.values().forEach(value -> texts.addAll(encoded(value)));
    for (Hdf5Group child : group.groups.values()) {
      collectTexts(child);
    }
    if (texts.size() > MOST_TEXTS) {
      throw new IOException("more than %,d texts in one HDF5 file".formatted(MOST_TEXTS));
    }
  }

  private static List<byte[]> encoded(Object value) {
    List<?> list = value instanceof List<?> many ? many : List.of(value);
    return list.stream().map(text -> ((String) text).getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** Adds a group's arrays and groups, then its header; returns the header's address. */
  private long add(Hdf5Group group) {
    // The order of the texts is that of collectTexts.
    List<byte[]> messages = new ArrayList<>();
    List<byte[]> attributes = new ArrayList<>();
    group.texts.forEach((name, value) -> attributes.add(attribute(name, value)));
    for (Map.Entry<String, Hdf5Group> child : group.groups.entrySet()) {
      messages.add(link(child.getKey(), add(child.getValue())));
    }
    group.arrays.forEach((name, values) -> messages.add(link(name, add(values))));
    messages.add(
        message(LINK_INFO, buffer(18).put(new byte[2]).putLong(UNDEFINED).putLong(UNDEFINED)));
    messages.add(message(GROUP_INFO, buffer(2).put(new byte[2])));
    messages.addAll(attributes);
    return addBytes(header(messages));
  }

  private long add(WeightValues array) {
    long address = end;
    long bytes = (long) array.values().length * Float.BYTES;
    parts.add(new Part(null, array));
    end += bytes;
    ByteBuffer space = buffer(4 + 8 * array.shape().length);
    space.put(new byte[] {2, (byte) array.shape().length, 0, 1});
    for (int size : array.shape()) {
      space.putLong(size);
    }
    return addBytes(
        header(
            List.of(
                message(DATASPACE, space),
                message(DATATYPE, buffer(FLOAT.length).put(FLOAT)),
                message(FILL_VALUE, buffer(2).put(new byte[] {3, 0x0A})),
                message(
                    LAYOUT, buffer(18).put(new byte[] {3, 1}).putLong(address).putLong(bytes)))));
  }

  private long addBytes(byte[] bytes) {
    long address = end;
    parts.add(new Part(bytes, null));
    end += bytes.length;
    return address;
  }

  private byte[] attribute(String name, Object value) {
    List<byte[]> list = encoded(value);
    byte[] word = (name + "\0").getBytes(StandardCharsets.UTF_8);
    boolean many = value instanceof List;
    ByteBuffer space = buffer(many ? 12 : 4);
    space.put(new byte[] {2, (byte) (many ? 1 : 0), 0, (byte) (many ? 1 : 0)});
    if (many) {
      space.putLong(list.size());
    }
    ByteBuffer out = buffer(9 + word.length + TEXT.length + space.capacity() + 16 * list.size());
    out.put(new byte[] {3, 0})
        .putShort((short) word.length)
        .putShort((short) TEXT.length)
        .putShort((short) space.capacity())
        .put((byte) 1)
        .put(word)
        .put(TEXT)
        .put(space.array());
    for (byte[] text : list) {
      texts.add(text);
      out.putInt(text.length).putLong(SUPERBLOCK_BYTES).putInt(texts.size());
    }
    return message(ATTRIBUTE, out);
  }

  private static byte[] link(String name, long address) {
    byte[] word = name.getBytes(StandardCharsets.UTF_8);
    return message(
        LINK,
        buffer(5 + word.length + 8)
            .put(new byte[] {1, 0x11, 1})
            .putShort((short) word.length)
            .put(word)
            .putLong(address));
  }

  private static byte[] message(int type, ByteBuffer content) {
    return buffer(4 + content.capacity())
        .put((byte) type)
        .putShort((short) content.capacity())
        .put((byte) 0)
        .put(content.array())
        .array();
  }

  private static byte[] header(List<byte[]> messages) {
    int size = messages.stream().mapToInt(message -> message.length).sum();
    ByteBuffer out = buffer(10 + size + 4).put(ascii("OHDR")).put(new byte[] {2, 2}).putInt(size);
    messages.forEach(out::put);
    return checked(out);
  }

  /** All texts, the first with index 1, and the free space. */
  private byte[] heap() {
    long size = HEAP_HEADER + HEAP_HEADER;
    for (byte[] text : texts) {
      size += HEAP_HEADER + padded(text.length);
    }
    ByteBuffer out = buffer(Math.toIntExact(Math.max(size, HEAP_LEAST)));
    out.put(ascii("GCOL")).put(new byte[] {1, 0, 0, 0}).putLong(out.capacity());
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      out.putShort((short) (i + 1)).putShort((short) 1).putInt(0).putLong(text.length).put(text);
      out.position(out.position() + padded(text.length) - text.length);
    }
    out.putLong(0).putLong(out.capacity() - out.position() + Long.BYTES);
    return out.array();
  }

  private byte[] superblock(long root) {
    return checked(
        buffer(SUPERBLOCK_BYTES)
            .put(cnnlab.keras.file.Hdf5Tree.MAGIC)
            .put(new byte[] {2, 8, 8, 0})
            .putLong(0)
            .putLong(UNDEFINED)
            .putLong(end)
            .putLong(root));
  }

  /** Appends the checksum of everything before. */
  private static byte[] checked(ByteBuffer out) {
    byte[] all = out.array();
    ByteBuffer covered = ByteBuffer.wrap(all, 0, out.position()).slice();
    return out.putInt(JenkinsLookup3HashLittle.hash(covered)).array();
  }

  private static byte[] bytes(WeightValues array) {
    ByteBuffer out = buffer(Math.multiplyExact(array.values().length, Float.BYTES));
    out.asFloatBuffer().put(array.values());
    return out.array();
  }

  private static int padded(int length) {
    return (length + 7) / 8 * 8;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

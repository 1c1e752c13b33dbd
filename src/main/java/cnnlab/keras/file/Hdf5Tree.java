package cnnlab.keras.file;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups, arrays and texts of an HDF5 file, read into memory and checked, so that no other
 * class deals with the format. Arrays are views of the file's bytes until they are requested.
 *
 * @param groups groups by name
 * @param arrays numeric arrays by name
 * @param texts text attributes, single or lists, by name
 */
public record Hdf5Tree(
    Map<String, Hdf5Tree> groups,
    Map<String, WeightArray> arrays,
    Map<String, List<String>> texts) {

  public static final byte[] MAGIC = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};

  /** The state of the optimiser, which is ignored. */
  private static final Set<String> SKIPPED = Set.of("optimizer", "optimizer_weights");

  private static final int SUPERBLOCK_BYTES = 52;
  private static final int VERSION_AT = 8;
  private static final int DEPTH = 64;
  private static final int MOST_NODES = 200_000;

  /** Whether these are the first bytes of an HDF5 file. */
  public static boolean startsWithMagic(byte[] bytes) {
    return bytes.length >= MAGIC.length && Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC);
  }

  /**
   * Reads a file.
   *
   * @param what the file or entry, for messages
   * @param bytes the file
   * @throws KerasFault when it is not an HDF5 file, is damaged, or has links to other places or
   *     arrays that are not plain numbers
   */
  public static Hdf5Tree read(String what, byte[] bytes) {
    if (!startsWithMagic(bytes)) {
      throw new KerasFault(
          "%s: not an HDF5 file (it starts with other bytes, or is empty)".formatted(what));
    }
    long length = lengthSaid(bytes);
    if (length > bytes.length) {
      throw new KerasFault(
          "%s: truncated: its header gives %d bytes, it has %d. Copy the file again"
              .formatted(what, length, bytes.length));
    }
    return Guard.run(
        what,
        () -> {
          try (HdfFile file = HdfFile.fromByteBuffer(ByteBuffer.wrap(bytes))) {
            return new Reader(what, bytes.length).group(file, 0);
          }
        });
  }

  /**
   * The length of the file according to its superblock (HDF5 File Format Specification, II.A) if
   * addresses have eight bytes; otherwise 0.
   */
  private static long lengthSaid(byte[] bytes) {
    if (bytes.length < SUPERBLOCK_BYTES) {
      return Long.MAX_VALUE;
    }
    int version = bytes[VERSION_AT];
    boolean old = version == 0 || version == 1;
    int addressBytes = bytes[old ? 13 : 9];
    int at = version == 0 ? 40 : version == 1 ? 44 : 28;
    return addressBytes == Long.BYTES
        ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at)
        : 0;
  }

  /** The group at a path of names, or null. */
  public Hdf5Tree group(String path) {
    Hdf5Tree at = this;
    for (String name : path.split("/")) {
      at = at == null ? null : at.groups.get(name);
    }
    return at;
  }

  /** The array at a path of names, or null. */
  WeightArray array(String path) {
    int last = path.lastIndexOf('/');
    Hdf5Tree in = last < 0 ? this : group(path.substring(0, last));
    return in == null ? null : in.arrays.get(path.substring(last + 1));
  }

  /** An attribute with a single text, or null. */
  public String text(String name) {
    List<String> all = texts.get(name);
    return all == null || all.size() != 1 ? null : all.get(0);
  }

  private static final class Reader {
    private final String what;
    private final long fileBytes;
    private int nodes;

    Reader(String what, long fileBytes) {
      this.what = what;
      this.fileBytes = fileBytes;
    }

    public Hdf5Tree group(Group group, int depth) {
      if (depth > DEPTH) {
        throw fault(group, "groups nested more than %d deep".formatted(DEPTH));
      }
      Map<String, Hdf5Tree> groups = new LinkedHashMap<>();
      Map<String, WeightArray> arrays = new LinkedHashMap<>();
      for (Node node : group.getChildren().values()) {
        if (++nodes > MOST_NODES) {
          throw fault(group, "more than %d groups and arrays".formatted(MOST_NODES));
        }
        if (node instanceof Link) {
          throw fault(node, "a link to another place, which is not followed");
        }
        if (SKIPPED.contains(node.getName())) {
          groups.put(node.getName(), new Hdf5Tree(Map.of(), Map.of(), Map.of()));
        } else if (node instanceof Group child) {
          groups.put(node.getName(), group(child, depth + 1));
        } else if (node instanceof ContiguousDataset dataset) {
          arrays.put(node.getName(), array(dataset));
        } else if (node instanceof Dataset other) {
          // Chunked or compressed arrays, which Keras never writes, are not unpacked.
          arrays.put(
              node.getName(), new WeightArray(other.getDimensionsAsLong(), WeightArray.NONE, null));
        }
      }
      return new Hdf5Tree(groups, arrays, texts(group));
    }

    private WeightArray array(ContiguousDataset dataset) {
      long[] dimensions = dataset.getDimensionsAsLong();
      int bytes = dataset.getDataType().getSize();
      if (!(dataset.getDataType() instanceof FloatingPoint)) {
        return new WeightArray(dimensions, WeightArray.NONE, null);
      }
      long size = 1;
      for (long d : dimensions) {
        // The product is checked against the file's length at each step, so it cannot overflow.
        size = d < 0 || d > fileBytes ? Long.MAX_VALUE : size * d;
        if (size > fileBytes) {
          throw fault(
              dataset,
              "shape %s, larger than the whole file".formatted(Arrays.toString(dimensions)));
        }
      }
      ByteBuffer values = size == 0 ? ByteBuffer.allocate(0) : dataset.getBuffer();
      if (values.remaining() < size * bytes) {
        throw fault(dataset, "it extends beyond the end of the file");
      }
      return new WeightArray(dimensions, bytes, values);
    }

    private Map<String, List<String>> texts(Group group) {
      Map<String, List<String>> texts = new LinkedHashMap<>();
      for (Attribute attribute : group.getAttributes().values()) {
        long bytes =
            Math.multiplyExact(attribute.getSize(), (long) attribute.getDataType().getSize());
        if (attribute.isEmpty() || attribute.getSize() == 0) {
          texts.put(attribute.getName(), List.of());
        } else if (bytes > fileBytes) {
          throw fault(
              group, "attribute '%s' is larger than the file".formatted(attribute.getName()));
        } else if (attribute.getJavaType() == String.class) {
          Object data = attribute.getData();
          texts.put(
              attribute.getName(),
              data instanceof String one ? List.of(one) : List.of((String[]) data));
        }
      }
      return texts;
    }

    private KerasFault fault(Node node, String message) {
      return new KerasFault("%s: '%s': %s".formatted(what, node.getPath(), message));
    }
  }
}

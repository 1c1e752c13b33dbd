package cnnlab.data.file;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * An HDF5 file, read with jHDF. All errors are {@link DataException}s that name the file and the
 * data set.
 */
public final class Hdf5File implements AutoCloseable {
  private static final String REMEDY =
      "Copy or download the file again, or write it again with h5py without libver.";

  private final Path file;
  private final HdfFile hdf;

  private Hdf5File(Path file, HdfFile hdf) {
    this.file = file;
    this.hdf = hdf;
  }

  /**
   * Opens a file.
   *
   * @throws DataException when it is missing, is not an HDF5 file, or is truncated
   */
  public static Hdf5File open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file,
          Files.exists(file) ? "not a regular file" : "no such file",
          "an HDF5 file",
          "Check the path; `cnnlab datasets list` shows what was found and where.");
    }
    HdfFile hdf;
    try {
      hdf = new HdfFile(file);
    } catch (RuntimeException e) {
      throw new DataException(
          file,
          "a file that is not HDF5, or a damaged one (%s)".formatted(root(e).getMessage()),
          "an HDF5 file",
          REMEDY,
          e);
    }
    Hdf5File opened = new Hdf5File(file, hdf);
    try {
      opened.requireWhole();
    } catch (DataException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private void requireWhole() {
    long end = guard("", () -> hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress());
    long size;
    try {
      size = Files.size(file);
    } catch (IOException e) {
      throw new DataException(
          file, "a file that cannot be read (" + e + ")", "an HDF5 file", REMEDY, e);
    }
    if (size < end) {
      throw new DataException(
          file,
          "%d bytes (truncated: %d missing)".formatted(size, end - size),
          "the %d bytes given in its header".formatted(end),
          REMEDY);
    }
  }

  Path path() {
    return file;
  }

  /** The base of the addresses in the file, in bytes. */
  long base() {
    return hdf.getUserBlockSize();
  }

  /** Whether the file has a data set of this name at its root. */
  boolean has(String name) {
    return guard(name, () -> hdf.getChild(name)) instanceof Dataset;
  }

  /**
   * A data set at the root.
   *
   * @throws DataException when there is none of this name; the message lists the existing ones
   */
  Dataset dataset(String name) {
    Node node = guard(name, () -> hdf.getChild(name));
    if (node instanceof Dataset dataset) {
      return dataset;
    }
    throw new DataException(
        file,
        "no data set \"%s\", but %s".formatted(name, guard(name, () -> hdf.getChildren().keySet())),
        "a data set of this name",
        "Is it the right file?");
  }

  /**
   * Labels of two classes.
   *
   * @param name the data set: any integer type, shape [N], [N, 1] or [N, 1, 1, 1]
   * @return [N], each 0 or 1
   * @throws DataException when type or shape do not fit, or a value is neither 0 nor 1
   */
  public int[] labels(String name) {
    Dataset dataset = dataset(name);
    int[] shape = shape(name, dataset);
    if (shape.length == 0
        || Arrays.stream(shape).skip(1).anyMatch(d -> d != 1)
        || !(dataset.getDataType() instanceof FixedPoint)) {
      throw fault(
          name, describe(dataset, shape), "integers of shape [N], [N, 1] or [N, 1, 1, 1]", REMEDY);
    }
    int[] labels = new int[shape[0]];
    if (labels.length == 0) {
      return labels;
    }
    Object values = guard(name, dataset::getDataFlat);
    if (Array.getLength(values) != labels.length) {
      throw fault(name, "no content", labels.length + " labels", REMEDY);
    }
    for (int i = 0; i < labels.length; i++) {
      long value = ((Number) Array.get(values, i)).longValue();
      if (value != 0 && value != 1) {
        throw fault(
            name, "label %d in row %d".formatted(value, i), "0 or 1", "Is it the right file?");
      }
      labels[i] = (int) value;
    }
    return labels;
  }

  /** The dimensions of a data set; one that does not fit an int is an error. */
  int[] shape(String name, Dataset dataset) {
    return guard(name, dataset::getDimensions);
  }

  /** Describes a data set, for example {@code "int64 of shape [10, 3]"}. */
  static String describe(Dataset dataset, int[] shape) {
    return type(dataset.getDataType()) + " of shape " + Arrays.toString(shape);
  }

  private static String type(DataType type) {
    int bits = Byte.SIZE * type.getSize();
    if (type instanceof FixedPoint integer) {
      return (integer.isSigned() ? "int" : "uint") + bits;
    }
    return type instanceof FloatingPoint ? "float" + bits : type.getClass().getSimpleName();
  }

  /** An error in one data set. */
  public DataException fault(String name, String found, String expected, String remedy) {
    return new DataException(
        "%s, data set \"%s\": found %s, expected %s. %s"
            .formatted(file, name, found, expected, remedy));
  }

  /**
   * Converts errors of jHDF to {@link DataException}s. jHDF reports damage by exceptions of many
   * kinds, and runs out of memory if a damaged header requests gigabytes.
   */
  <T> T guard(String name, Supplier<T> action) {
    try {
      return action.get();
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      throw new DataException(
          "%s%s: found content that cannot be read (%s), expected intact HDF5 data. %s"
              .formatted(
                  file, name.isEmpty() ? "" : ", data set \"" + name + "\"", root(e), REMEDY),
          e);
    }
  }

  /**
   * The root cause, which describes the error; the exceptions above it only say where it occurred.
   */
  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  @Override
  public void close() {
    hdf.close();
  }
}

package cnnlab.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads {@code .npz} files, numpy's archives of several {@code .npy} arrays with names. */
public final class NpzFile {
  private static final String NPY = ".npy";
  private static final int MOST_ARRAYS = 1000;

  /** Compression cannot be stronger, so that larger entries are not what they claim to be. */
  private static final long MOST_DEFLATED = 1100;

  private static final String SAVE = "Save it in Python with np.savez(\"x.npz\", NAME=x, ...).";

  private NpzFile() {}

  /**
   * Reads all arrays.
   *
   * @param file the {@code .npz} file
   * @return the arrays by their names, in the order of the file
   * @throws DataException when the file is missing or is no such archive, or an array is not as
   *     {@link NpyFile#read} expects it
   */
  public static Map<String, NpyArray> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file,
          Files.exists(file) ? "not a file" : "no such file",
          "a .npz file",
          "Check the path.");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      if (zip.size() > MOST_ARRAYS) {
        throw new DataException(
            file, zip.size() + " entries", "at most " + MOST_ARRAYS + " arrays", SAVE);
      }
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      for (ZipEntry entry : entries) {
        String name = entry.getName();
        if (!name.endsWith(NPY)) {
          throw new DataException(file, "an entry '" + name + "'", "arrays (.npy) only", SAVE);
        }
        arrays.put(name.substring(0, name.length() - NPY.length()), array(file, zip, entry));
      }
      return arrays;
    } catch (IOException e) {
      throw new DataException(
          file, "a file that cannot be read (" + e.getMessage() + ")", "a .npz file", SAVE, e);
    }
  }

  private static NpyArray array(Path file, ZipFile zip, ZipEntry entry) throws IOException {
    Path label = Path.of(file + ":" + entry.getName().replace('\0', '?'));
    long size = entry.getSize();
    if (size < 0 || size > MOST_DEFLATED * Math.max(1, entry.getCompressedSize())) {
      throw new DataException(label, "an entry of a wrong size", "an array", SAVE);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return NpyFile.read(label, new NpyFile.Source(Channels.newChannel(in), size));
    }
  }
}

package cnnlab.keras.file;

import cnnlab.model.file.ZipEntries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The content of a {@code .keras} file, which is a zip archive. Its entries are read into memory,
 * up to a size limit, and never written to disk.
 *
 * @param metadata the JSON of {@code metadata.json}
 * @param configuration the JSON of {@code config.json}
 * @param weights the HDF5 file {@code model.weights.h5}
 */
public record KerasArchive(byte[] metadata, byte[] configuration, byte[] weights) {
  public static final String METADATA = "metadata.json";
  public static final String CONFIGURATION = "config.json";
  public static final String WEIGHTS = "model.weights.h5";

  private static final String SAVE = "Save it again in Keras 3 with model.save('model.keras')";

  private static final int METADATA_BYTES = 1 << 20;
  private static final int MOST_ENTRIES = 10_000;

  /** Whether the file is a zip archive with the entry that identifies {@code .keras} files. */
  public static boolean recognises(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.getEntry(CONFIGURATION) != null || zip.getEntry(WEIGHTS) != null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads the three entries.
   *
   * @throws KerasFault when the zip is damaged, or an entry is missing, duplicate, too large, or
   *     has a path that leads out of the archive
   */
  public static KerasArchive read(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Map<String, ZipEntry> entries = ZipEntries.of(zip, MOST_ENTRIES, KerasFault::new);
      return new KerasArchive(
          read(zip, entries, METADATA, METADATA_BYTES),
          read(zip, entries, CONFIGURATION, Limits.CONFIGURATION_BYTES),
          read(zip, entries, WEIGHTS, Limits.weightBytes()));
    } catch (ZipException e) {
      throw new KerasFault(
          "not a zip archive, or a damaged or truncated one (%s); %s"
              .formatted(e.getMessage(), SAVE),
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw new KerasFault(
          "the archive cannot be read (%s); %s".formatted(e.getMessage(), SAVE), e);
    }
  }

  private static byte[] read(ZipFile zip, Map<String, ZipEntry> entries, String name, long most)
      throws IOException {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new KerasFault(
          entries.containsKey("model.weights.npz") && name.equals(WEIGHTS)
              ? "weights as model.weights.npz, expected model.weights.h5: install h5py and save it again"
              : "entry '%s' is missing; %s".formatted(name, SAVE));
    }
    if (entry.getSize() > most) {
      throw new KerasFault(
          "entry '%s' unpacks to %,d bytes, the limit is %,d%s"
              .formatted(
                  name,
                  entry.getSize(),
                  most,
                  name.equals(WEIGHTS) ? ". Give Java more memory with -Xmx" : ""));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) entry.getSize());
      CRC32 sum = new CRC32();
      sum.update(bytes);
      if (bytes.length < entry.getSize() || in.read() >= 0 || sum.getValue() != entry.getCrc()) {
        throw new KerasFault(
            "entry '%s' is damaged: its length or checksum is wrong. Copy the file again"
                .formatted(name));
      }
      return bytes;
    } catch (IOException e) {
      throw new KerasFault(
          "entry '%s' cannot be unpacked (%s); copy the file again".formatted(name, e.getMessage()),
          e);
    }
  }
}

package cnnlab.model.file;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of a zip that DL4J wrote. Nothing is written to disk, no entry is unpacked further
 * than its reader needs, and serialised Java objects are never read.
 *
 * <p>Faults are {@link ModelFileException}s without the name of the file; {@link ModelFiles} adds
 * it.
 */
final class ModelArchive implements AutoCloseable {
  static final String CONFIGURATION = "configuration.json";
  static final String PARAMETERS = "coefficients.bin";
  static final String UPDATER_STATE = "updaterState.bin";

  /** An empty entry that marks a model without parameters. */
  private static final String NO_PARAMETERS = "noParams.marker";

  private static final Set<String> OURS =
      Set.of(CONFIGURATION, PARAMETERS, UPDATER_STATE, NO_PARAMETERS);

  /** The folder in which DL4J's {@code ModelSerializer.addObjectToFile} stores objects. */
  private static final String OBJECTS = "objects/";

  private static final int MOST_ENTRIES = 1_000;
  private static final byte[] SERIALISED = {(byte) 0xAC, (byte) 0xED};

  private static final Logger LOG = LoggerFactory.getLogger(ModelArchive.class);

  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  private ModelArchive(ZipFile zip) {
    this.zip = zip;
  }

  /**
   * Opens an archive and checks the names of its entries.
   *
   * @throws ModelFileException when it is not a zip, or an entry occurs twice, has a path that
   *     leads out of the archive, or is a serialised object
   * @throws IOException when the file cannot be read
   */
  static ModelArchive open(Path file) throws IOException {
    ModelArchive archive;
    try {
      archive = new ModelArchive(new ZipFile(file.toFile()));
    } catch (ZipException e) {
      throw fault("not a zip file, or a truncated one (%s); expected a model zip", e.getMessage());
    }
    try {
      archive.look(file);
      return archive;
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private void look(Path file) throws IOException {
    entries.putAll(ZipEntries.of(zip, MOST_ENTRIES, why -> new ModelFileException(why, null)));
    for (ZipEntry entry : entries.values()) {
      String name = entry.getName();
      if (!OURS.contains(name)) {
        requireHarmless(entry);
        LOG.info("{}: entry '{}' is not read", file, name);
      }
    }
    for (String name : List.of(CONFIGURATION, PARAMETERS)) {
      if (!entries.containsKey(name)) {
        throw fault("has no entry '%s'; expected a model zip that DL4J wrote", name);
      }
    }
  }

  private void requireHarmless(ZipEntry entry) throws IOException {
    String name = entry.getName();
    if (name.toLowerCase(Locale.ROOT).endsWith(".bin")
        || name.startsWith(OBJECTS)
        || isSerialised(entry)) {
      throw fault(
          "entry '%s' is a serialised object, which is never read because reading one can run code. "
              + "Remove it to read the model: zip -d FILE %s",
          name, name);
    }
  }

  private boolean isSerialised(ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] begin = in.readNBytes(SERIALISED.length);
      return Arrays.equals(begin, SERIALISED);
    } catch (ZipException e) {
      throw fault("entry '%s' cannot be unpacked (%s)", entry.getName(), e.getMessage());
    }
  }

  /** Whether the archive has this entry. */
  boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * The text of an entry.
   *
   * @param most upper limit on its bytes
   * @throws ModelFileException when it is larger or damaged
   */
  byte[] bytes(String name, int most) {
    if (entries.get(name).getSize() > most) {
      throw tooLong(
          name, String.format(Locale.ROOT, "%,d bytes", entries.get(name).getSize()), most);
    }
    return read(
        name,
        in -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          byte[] buffer = new byte[1 << 13];
          for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes.write(buffer, 0, n);
            // The size in the archive's directory may be wrong.
            if (bytes.size() > most) {
              throw tooLong(name, "more", most);
            }
          }
          return bytes.toByteArray();
        });
  }

  private static ModelFileException tooLong(String name, String size, int most) {
    return fault("entry '%s' unpacks to %s, the limit is %,d bytes", name, size, most);
  }

  /** Reads an unpacked entry. */
  interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  /**
   * Unpacks an entry. The reader must read it to its end.
   *
   * @throws ModelFileException when bytes are left over, or the checksum is wrong
   */
  <T> T read(String name, Reader<T> reader) {
    ZipEntry entry = entries.get(name);
    try (InputStream raw = zip.getInputStream(entry);
        CheckedInputStream in = new CheckedInputStream(raw, new CRC32())) {
      T result = reader.read(in);
      if (in.read() >= 0) {
        throw fault(
            "entry '%s' is longer than the configuration requires; save the model again", name);
      }
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw fault("entry '%s' is damaged: its checksum is wrong. Copy the file again", name);
      }
      return result;
    } catch (EOFException e) {
      throw fault(
          "entry '%s' is truncated: it ends before all values of the model. Copy the file again",
          name);
    } catch (IOException e) {
      throw new ModelFileException(
          "entry '%s' cannot be unpacked (%s); copy the file again".formatted(name, e.getMessage()),
          e);
    }
  }

  static ModelFileException fault(String message, Object... arguments) {
    return new ModelFileException(message.formatted(arguments), null);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}

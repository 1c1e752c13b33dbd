package cnnlab.io;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes folders atomically: all files under a temporary name, which is then moved into place. */
public final class AtomicFolder {
  private AtomicFolder() {}

  /**
   * Writes a new folder completely or not at all.
   *
   * @param folder must not exist, or be empty; missing folders above it are created
   * @param files contents by name; none of them in a sub-folder
   * @throws IOException if it cannot be written or is not empty; the message names it, and no
   *     partial folder remains
   */
  public static void write(Path folder, Map<String, byte[]> files) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    Path temporary = AtomicFile.temporary(target);
    try {
      Files.createDirectories(temporary);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(temporary.resolve(file.getKey()), file.getValue());
      }
      Files.deleteIfExists(target);
      AtomicFile.move(temporary, target);
    } catch (DirectoryNotEmptyException e) {
      throw new IOException("%s: is not empty".formatted(folder), e);
    } catch (IOException e) {
      throw WriteFault.named(folder, e);
    } finally {
      for (String name : files.keySet()) {
        Files.deleteIfExists(temporary.resolve(name));
      }
      Files.deleteIfExists(temporary);
    }
  }
}

package cnnlab.data.download;

import cnnlab.io.Checksum;
import cnnlab.io.WriteFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * An incomplete download: {@code NAME.part}, with its source and version in {@code NAME.part.etag},
 * so that a later process can resume it. Disk errors are thrown as {@link UncheckedIOException},
 * because a retry would not help.
 */
public final class PartFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final Path etag;
  private final FileChannel channel;

  private PartFile(Path target, Path part, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.etag = part.resolveSibling(part.getFileName() + ".etag");
    this.channel = channel;
  }

  /**
   * Opens and locks the part file of an earlier download, or creates one.
   *
   * @param target the file that the complete download becomes
   * @throws IOException when it cannot be written, or another process is writing it
   */
  static PartFile open(Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path part = part(target);
    FileChannel channel =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      channel.position(channel.size());
      return new PartFile(target, part, channel);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException(
          part + ": another download is writing it. Wait for that download or stop it.", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The path of the part file of a file. */
  public static Path part(Path target) {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  /** The number of bytes downloaded so far. */
  long size() {
    try {
      return channel.position();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  void append(List<ByteBuffer> buffers) {
    try {
      for (ByteBuffer buffer : buffers) {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /**
   * Discards the data and starts over.
   *
   * @param source the address of the new content
   * @param validator the ETag or date that identifies it to the server, or null
   */
  void restart(URI source, String validator) {
    try {
      channel.truncate(0);
      if (validator == null) {
        Files.deleteIfExists(etag);
      } else {
        Files.writeString(etag, source + "\n" + validator + "\n");
      }
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** The validator of the content, if it came from this source. */
  Optional<String> validator(URI source) {
    try {
      if (!Files.exists(etag)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(etag);
      return lines.size() == 2 && lines.get(0).equals(source.toString())
          ? Optional.of(lines.get(1))
          : Optional.empty();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  String md5() {
    try {
      return Checksum.MD5.hex(part);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** Renames the file to its final name and deletes the validator. */
  void finish() throws IOException {
    channel.force(true);
    close();
    cnnlab.io.AtomicFile.move(part, target);
    Files.deleteIfExists(etag);
  }

  /** Deletes the part file and its validator. */
  void discard() throws IOException {
    close();
    Files.deleteIfExists(part);
    Files.deleteIfExists(etag);
  }

  /** Closes the file and keeps it for a later download, unless it is empty. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      boolean empty = channel.size() == 0;
      channel.close();
      if (empty) {
        Files.deleteIfExists(part);
        Files.deleteIfExists(etag);
      }
    }
  }

  private UncheckedIOException fault(IOException e) {
    return new UncheckedIOException(WriteFault.named(part, e));
  }
}

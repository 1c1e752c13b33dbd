package cnnlab.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of which only the superblock is HDF5, because nothing more is read. */
class GunzipTest {
  @TempDir Path folder;

  private Path target() {
    return folder.resolve("patches.h5");
  }

  private Path compressed(byte[] content) throws IOException {
    Path file = folder.resolve("patches.h5.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
    return file;
  }

  /**
   * HDF5 file format, section II.A: the size of addresses is byte 13 of versions 0 and 1 and byte 9
   * of 2 and 3; the end of the file is at 40, 44 and 28.
   */
  private static byte[] file(int version, int addressSize, long end, int length) {
    byte[] content = new byte[length];
    new SplittableRandom(version).nextBytes(content);
    ByteBuffer out = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n', (byte) version});
    out.put(version < 2 ? 13 : 9, (byte) addressSize);
    out.putLong(version == 0 ? 40 : version == 1 ? 44 : 28, end);
    return content;
  }

  private static byte[] file(int version, int length) {
    return file(version, 8, length, length);
  }

  private void assertRefused(byte[] content, String... parts) throws IOException {
    Path compressed = compressed(content);
    assertThatThrownBy(() -> Gunzip.once(target()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(compressed + ": found ")
        .hasMessageContainingAll(parts);
    assertThat(folder).as("nothing is left").isDirectoryNotContaining("glob:**.{h5,tmp,part}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everyVersionIsUnpackedToItsEnd(int version) throws IOException {
    for (int length : new int[] {56, 57, 1000, (1 << 16) + 56, 200_000}) {
      Files.deleteIfExists(target());
      byte[] content = file(version, length);
      compressed(content);
      assertThat(Gunzip.once(target())).isEqualTo(target()).hasBinaryContent(content);
    }
  }

  @Test
  void keepsExistingFiles() throws IOException {
    compressed(file(0, 100));
    Files.writeString(target(), "mine");
    assertThat(Gunzip.once(target())).isEqualTo(target()).hasContent("mine");
    Path none = folder.resolve("none.h5");
    assertThat(Gunzip.once(none)).isEqualTo(none).doesNotExist();
  }

  @Test
  void checksThatNamesAreConsistent() {
    Path compressed = folder.resolve("patches.h5.gz");
    assertThat(Gunzip.compressed(target())).isEqualTo(compressed);
    assertThat(Gunzip.decompressed(compressed)).isEqualTo(target());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, 55",
    "0, 8, -1",
    "0, 4, 300",
    "1, 4, 300",
    "2, 4, 300",
    "4, 8, 300",
    "255, 8, 300"
  })
  void headersThatAreNotUnderstoodAreRefused(int version, int addressSize, long end)
      throws IOException {
    assertRefused(file(version, addressSize, end, 300), "content that is not HDF5");
  }

  @Test
  void whatIsNotHdf5IsRefused() throws IOException {
    byte[] other = file(0, 300);
    other[0] = 'P';
    assertRefused(other, "content that is not HDF5", "Copy or download the file again");
    assertRefused(Arrays.copyOf(file(0, 300), 55), "content that is not HDF5");
    assertRefused(new byte[0], "content that is not HDF5");
  }

  /** The header says 300 bytes. */
  @Test
  void refusesFilesWhoseLengthDoesNotFitTheHeader() throws IOException {
    byte[] whole = file(2, 300);
    assertRefused(
        Arrays.copyOf(whole, 290), "290 bytes unpacked (truncated: 10 missing)", "the 300 bytes");
    assertRefused(Arrays.copyOf(whole, 301), "more than 300 bytes unpacked");
  }

  @Test
  void refusesMoreThanTheFreeSpaceBeforeWriting() throws IOException {
    assertRefused(
        file(3, 8, Long.MAX_VALUE, 300), "9,223,372,036,854,775,807 bytes", "Free some space");
  }
}

package cnnlab.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.Allocated;
import cnnlab.data.DatasetCheck;
import cnnlab.data.Datasets;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.PatchCamelyon.Options;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small gzip files that unpack to 100 MB are unpacked only up to their limit. */
class GzipBombTest {
  private static final int BOMB = 100_000_000;
  private static final byte[] IDX = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3};

  @TempDir Path folder;

  /** A gzip file of some bytes followed by the given number of zeros. */
  private static Path gzip(Path file, byte[] begin, long zeros) throws IOException {
    try (OutputStream raw = Files.newOutputStream(file);
        GZIPOutputStream out =
            new GZIPOutputStream(raw, 1 << 16) {
              {
                def.setLevel(Deflater.BEST_SPEED);
              }
            }) {
      out.write(begin);
      byte[] piece = new byte[1 << 20];
      for (long left = zeros; left > 0; left -= piece.length) {
        out.write(piece, 0, (int) Math.min(piece.length, left));
      }
    }
    return file;
  }

  @Test
  void refusesABombInPlaceOfAnIdxFile() throws IOException {
    Path bomb = gzip(folder.resolve("images.gz"), IDX, BOMB);
    assertThat(bomb).satisfies(file -> assertThat(Files.size(file)).isLessThan(BOMB / 100));
    assertThatThrownBy(() -> IdxFile.read(bomb, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(bomb.toString(), "found more bytes", "28 bytes for shape");
    assertThat(Allocated.by(() -> IdxFile.read(bomb, 2, 2, 3))).isLessThan(5_000_000);
    // Without an IDX header.
    Path zeros = gzip(folder.resolve("zeros.gz"), new byte[0], BOMB);
    assertThatThrownBy(() -> IdxFile.read(zeros, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("magic number 0x00000000");
    assertThat(Allocated.by(() -> IdxFile.read(zeros, 2, 2, 3))).isLessThan(5_000_000);
  }

  @Test
  void refusesBytesAfterTheValuesOfAnIdxFile() throws IOException {
    byte[] more = Arrays.copyOf(IDX, IDX.length + 12);
    assertThat(IdxFile.read(gzip(folder.resolve("a.gz"), more, 0), 2, 2, 3).data()).hasSize(12);
    Path longer = gzip(folder.resolve("b.gz"), more, 1);
    assertThatThrownBy(() -> IdxFile.read(longer, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(longer.toString(), "found more bytes");
  }

  @Test
  void inPlaceOfACompressedHdf5File() throws IOException {
    Hdf5Fixture.course(folder, 3, 3, 3, 32);
    Path file = folder.resolve("train.h5");
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    Path compressed = folder.resolve("train.h5.gz");
    for (long more : new long[] {BOMB, 1}) {
      gzip(compressed, content, more);
      assertRefused(compressed, "more than %d bytes".formatted(content.length));
      assertThat(Allocated.by(() -> Gunzip.once(file))).isLessThan(5_000_000);
    }
    gzip(compressed, new byte[0], BOMB);
    assertRefused(compressed, "content that is not HDF5");
    gzip(compressed, Arrays.copyOf(content, content.length - 1), 0);
    assertRefused(compressed, "truncated: 1 missing");
    gzip(compressed, content, 0);
    assertThat(PatchCamelyon.load(folder, Options.ALL).train().count()).isEqualTo(3);
  }

  /** A forged header does not help if it exceeds the free space on the disk. */
  @Test
  void refusesAHeaderLengthBeyondTheFreeSpace() throws IOException {
    Hdf5Fixture.course(folder, 3, 3, 3, 32);
    Path file = folder.resolve("train.h5");
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    int version = content[8];
    ByteBuffer.wrap(content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(version >= 2 ? 28 : version == 1 ? 44 : 40, Long.MAX_VALUE);
    Path compressed = gzip(folder.resolve("train.h5.gz"), content, BOMB);
    assertRefused(compressed, "bytes free on the disk");
  }

  private void assertRefused(Path compressed, String found) throws IOException {
    assertThatThrownBy(() -> PatchCamelyon.load(folder, Options.ALL))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(compressed.toString(), found);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains("train.h5.gz")
          .doesNotContain("train.h5")
          .noneMatch(name -> name.contains("tmp"));
    }
  }

  /** The checksums of MNIST are those of the decompressed content. */
  @Test
  void verifyUnpacksNoMoreThanExpected() throws IOException {
    Path mnist = Files.createDirectory(folder.resolve("mnist"));
    Path labels = mnist.resolve("t10k-labels-idx1-ubyte.gz");
    gzip(labels, new byte[0], BOMB);
    Datasets datasets = new Datasets(List.of(new Datasets.Place("test", folder)));
    DatasetCheck check =
        datasets.verify("mnist", cnnlab.cli.KnownDatasets.ALL).stream()
            .filter(c -> c.file().equals(labels))
            .findFirst()
            .orElseThrow();
    assertThat(check.status()).isEqualTo(DatasetCheck.Status.BAD);
    assertThat(check.sha256()).isEqualTo("-");
    assertThat(Allocated.by(() -> datasets.verify("mnist", cnnlab.cli.KnownDatasets.ALL)))
        .isLessThan(5_000_000);
  }
}

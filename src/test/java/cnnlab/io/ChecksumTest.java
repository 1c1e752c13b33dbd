package cnnlab.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest {
  @TempDir Path folder;

  /** FIPS 180-2, appendix B; RFC 1321, appendix A.5. */
  @ParameterizedTest
  @CsvSource({
    "SHA_256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "SHA_256, '', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "MD5, abc, 900150983cd24fb0d6963f7d28e17f72",
    "MD5, '', d41d8cd98f00b204e9800998ecf8427e",
  })
  void publishedExamples(Checksum sum, String text, String expected) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.US_ASCII);
    assertThat(sum.hex(content)).isEqualTo(expected);
    assertThat(sum.hex(new ByteArrayInputStream(content))).isEqualTo(expected);
    assertThat(sum.hex(Files.write(folder.resolve("file"), content))).isEqualTo(expected);
  }

  /** NIST's third example, a million letters a: longer than one block. */
  @Test
  void filesAreReadInBlocksToTheEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("long"), "a".repeat(1_000_000));
    assertThat(Checksum.SHA_256.hex(file))
        .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
}

package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class CpioArchiveTest {
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replace('\0', '.');
  }

  /// Byte for byte what `cpio -o -H newc --reproducible` writes but for inode numbers.
  @Test
  void bytes_aFile_areHeadNameAndContentInFours() {
    byte[] archive =
        new CpioArchive().file("plan", "hello".getBytes(StandardCharsets.US_ASCII)).bytes();
    assertThat(text(archive))
        .isEqualTo(
            "070701"
                + "00000001000081A4000000000000000000000001000000000000000500000000"
                + "00000000000000000000000000000005"
                + "00000000plan.."
                + "hello..."
                + "070701"
                + "0000000200000000000000000000000000000001000000000000000000000000"
                + "0000000000000000000000000000000B"
                + "00000000TRAILER!!!....");
  }

  @Test
  void bytes_ofAnyEntry_areWholeFours() {
    for (int length = 0; length < 9; length++) {
      byte[] archive =
          new CpioArchive()
              .directory("dev")
              .device("dev/console", 5, 1)
              .program("p".repeat(length + 1), new byte[length])
              .bytes();
      assertThat(archive.length % 4).isZero();
    }
  }
}

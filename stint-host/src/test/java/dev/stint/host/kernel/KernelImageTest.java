package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelImageTest {
  @TempDir private Path cache;

  @Test
  void series_isTheNewestByNumber_notByName() throws Exception {
    for (String release : new String[] {"6.18.5-cloud", "6.18.15-cloud", "6.1.0-50-cloud"}) {
      image("vmlinuz-" + release);
    }
    Files.writeString(cache.resolve("kernels/config-6.18.15-cloud"), "");
    assertThat(KernelImage.downloaded(cache))
        .containsExactly("6.1.0-50-cloud", "6.18.5-cloud", "6.18.15-cloud");
    assertThat(KernelImage.find("6.18", cache, cache).file()).hasFileName("vmlinuz-6.18.15-cloud");
    assertThat(KernelImage.find("6.1", cache, cache).file()).hasFileName("vmlinuz-6.1.0-50-cloud");
  }

  @Test
  void nothingDownloaded_isNoKernel() {
    assertThat(KernelImage.downloaded(cache)).isEmpty();
  }

  private void image(String name) throws IOException {
    byte[] bytes = new byte[0x400];
    System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0x202, 4);
    Files.createDirectories(cache.resolve("kernels"));
    Files.write(cache.resolve("kernels").resolve(name), bytes);
  }
}

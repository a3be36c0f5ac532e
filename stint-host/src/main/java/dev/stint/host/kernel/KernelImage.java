package dev.stint.host.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A bootable kernel.
///
/// @param file the image (bzImage)
/// @param sha256 of its bytes: its identity
public record KernelImage(Path file, String sha256) {
  /// The directory of downloaded kernels within the cache.
  public static final String DIRECTORY = "kernels";

  private static final String MAGIC = "HdrS";
  private static final int MAGIC_AT = 0x202;
  private static final String HELP =
      "Get one with .ci/kernels %s, or name the file of a kernel image";

  /// Finds a kernel.
  ///
  /// @param name a file, or a series such as `6.12`: then the newest of it that was downloaded
  /// @param cache Stint's cache directory
  public static KernelImage find(String name, Path directory, Path cache) throws CannotBoot {
    boolean series = name.matches("\\d{1,2}\\.\\d{1,3}");
    Path file = series ? newest(name, cache.resolve(DIRECTORY)) : directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw CannotBoot.machine("there is no kernel image " + file + ". " + help(name));
    }
    try {
      if (!bootable(file)) {
        throw CannotBoot.machine(file + " is no kernel image (bzImage). " + help(name));
      }
      return new KernelImage(file, Hash.of(file));
    } catch (IOException e) {
      throw CannotBoot.machine(
          "the kernel image " + file + " cannot be read: " + CannotBoot.words(e));
    }
  }

  /// Whether it has the magic of the Linux boot protocol.
  private static boolean bootable(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(MAGIC_AT + MAGIC.length());
      return new String(head, StandardCharsets.ISO_8859_1).startsWith(MAGIC, MAGIC_AT);
    }
  }

  private static String help(String name) {
    return HELP.replace("%s", name.matches("[0-9.]+") ? name : "6.18");
  }

  private static Path newest(String series, Path kernels) throws CannotBoot {
    try (Stream<Path> files = Files.list(kernels)) {
      List<Path> found =
          files
              .filter(
                  file -> String.valueOf(file.getFileName()).startsWith("vmlinuz-" + series + "."))
              .sorted(Comparator.naturalOrder())
              .toList();
      if (!found.isEmpty()) {
        return found.getLast();
      }
    } catch (IOException _) {
      // None was ever downloaded.
    }
    throw CannotBoot.machine(
        "no Linux " + series + " was downloaded to " + kernels + ". " + help(series));
  }
}

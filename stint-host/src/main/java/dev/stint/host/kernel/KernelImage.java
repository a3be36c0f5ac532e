package dev.stint.host.kernel;

import dev.stint.host.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A bootable kernel.
///
/// @param file the image (bzImage)
/// @param sha256 of its bytes: its identity
public record KernelImage(Path file, String sha256) {
  /// The directory of downloaded kernels within the cache.
  public static final String DIRECTORY = "kernels";

  private static final String PREFIX = "vmlinuz-";
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
    Path file = series ? newest(name, cache) : directory.resolve(name);
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

  /// The releases that were downloaded, such as `6.12.117+deb13-cloud-amd64`, the oldest first.
  ///
  /// @param cache Stint's cache directory
  public static List<String> downloaded(Path cache) {
    try (Stream<Path> files = Files.list(cache.resolve(DIRECTORY))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith(PREFIX))
          .map(name -> name.substring(PREFIX.length()))
          .sorted((one, other) -> Arrays.compare(numbers(one), numbers(other)))
          .toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }

  /// What it is sorted by: 6.18.15 is newer than 6.18.5.
  private static long[] numbers(String release) {
    return Arrays.stream(release.split("\\D+"))
        .filter(digits -> !digits.isEmpty())
        .mapToLong(digits -> Numbers.count(digits).orElse(0))
        .toArray();
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

  private static Path newest(String series, Path cache) throws CannotBoot {
    List<String> found =
        downloaded(cache).stream().filter(name -> name.startsWith(series + ".")).toList();
    Path kernels = cache.resolve(DIRECTORY);
    if (!found.isEmpty()) {
      return kernels.resolve(PREFIX + found.getLast());
    }
    throw CannotBoot.machine(
        "no Linux " + series + " was downloaded to " + kernels + ". " + help(series));
  }
}

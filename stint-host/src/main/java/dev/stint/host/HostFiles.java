package dev.stint.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The files of a host below a root: `/`, or a recorded tree in tests. What the kernel shows in
/// files may be missing, forbidden, huge, not text, or gone between two looks: every read is
/// bounded and answers in words instead of failing.
///
/// @param root of the host's file system
public record HostFiles(Path root) {
  /// The most that is read of one file, bytes.
  public static final int LIMIT_BYTES = 4 << 20;

  /// What reading a file came to.
  public sealed interface Text {
    /// @param text all of the file, ISO-8859-1, so that no byte is an error
    record Read(String text) implements Text {}

    /// @param reason why there is no text, for a reader
    record Unreadable(String reason) implements Text {}
  }

  /// This machine.
  public static HostFiles ofThisMachine() {
    return new HostFiles(Path.of("/"));
  }

  /// A path below the root.
  ///
  /// @param path without a leading `/`
  public Path path(String path) {
    return root.resolve(path);
  }

  /// Reads a file.
  ///
  /// @param path without a leading `/`
  public Text read(String path) {
    try (InputStream in = Files.newInputStream(path(path))) {
      byte[] bytes = in.readNBytes(LIMIT_BYTES + 1);
      return bytes.length > LIMIT_BYTES
          ? new Text.Unreadable("/" + path + " is longer than " + LIMIT_BYTES + " bytes")
          : new Text.Read(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return new Text.Unreadable("there is no /" + path);
    } catch (AccessDeniedException e) {
      return new Text.Unreadable("no permission for /" + path);
    } catch (IOException e) {
      return new Text.Unreadable("/" + path + " cannot be read: " + e.getMessage());
    }
  }

  /// The names in a directory, sorted; empty where there is none to be read.
  ///
  /// @param path without a leading `/`
  public List<String> list(String path) {
    // Without a Path for each name, which /proc has many of.
    String[] names = Objects.requireNonNullElse(path(path).toFile().list(), new String[0]);
    Arrays.sort(names);
    return List.of(names);
  }
}

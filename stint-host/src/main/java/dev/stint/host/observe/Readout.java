package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.sys.KeptFile;
import dev.stint.host.sys.SystemCallFailed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A file that is read at every look: kept open, so that it stays the same thread's or cgroup's
/// whatever gets its number or name later.
final class Readout implements AutoCloseable {
  private final KeptFile file;
  private final byte[] scratch;
  private final byte[] last;
  private int length = -1;
  private boolean changed;

  private Readout(KeptFile file, byte[] scratch) {
    this.file = file;
    this.scratch = scratch;
    last = new byte[scratch.length];
  }

  /// Opens it.
  ///
  /// @param limitBytes the most that the kernel writes into it; what is longer is not understood
  /// @return absent if it is not there or not for this user
  static Optional<Readout> open(HostFiles files, String path, int limitBytes) {
    try {
      return Optional.of(
          new Readout(new KeptFile(files.path(path), limitBytes), new byte[limitBytes]));
    } catch (SystemCallFailed e) {
      return Optional.empty();
    }
  }

  /// Reads it again.
  ///
  /// @return whether it could be read: not once its thread or cgroup is gone
  boolean read() {
    try {
      int count = file.read(scratch);
      changed = count != length || !Arrays.equals(scratch, 0, count, last, 0, count);
      if (changed) {
        System.arraycopy(scratch, 0, last, 0, count);
        length = count;
      }
      return count > 0 && count < scratch.length;
    } catch (SystemCallFailed e) {
      return false;
    }
  }

  /// Whether the last read differs from the one before.
  boolean changed() {
    return changed;
  }

  /// What was read last.
  String text() {
    return new String(last, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    file.close();
  }
}

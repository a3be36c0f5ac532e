package dev.stint.host.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A cpio archive of the kind that the kernel unpacks as its first file system: the "newc" format
/// of Documentation/driver-api/early-userspace/buffer-format.rst. All times are 0 and inodes count
/// from 1, so that the same files give the same bytes.
public final class CpioArchive {
  private static final int DIRECTORY = 0040755;
  private static final int PROGRAM = 0100755;
  private static final int FILE = 0100644;
  private static final int CHARACTER_DEVICE = 0020600;
  private static final int ALIGNMENT = 4;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int inode;

  /// Adds a directory; those above it come first.
  public CpioArchive directory(String path) {
    return entry(path, DIRECTORY, new byte[0], 0, 0);
  }

  /// Adds a file that can be executed.
  public CpioArchive program(String path, byte[] content) {
    return entry(path, PROGRAM, content, 0, 0);
  }

  /// Adds a file.
  public CpioArchive file(String path, byte[] content) {
    return entry(path, FILE, content, 0, 0);
  }

  /// Adds a character device.
  public CpioArchive device(String path, int major, int minor) {
    return entry(path, CHARACTER_DEVICE, new byte[0], major, minor);
  }

  /// The bytes with the trailer; the archive is complete then.
  public byte[] bytes() {
    entry("TRAILER!!!", 0, new byte[0], 0, 0);
    return out.toByteArray();
  }

  private CpioArchive entry(String path, int mode, byte[] content, int major, int minor) {
    byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
    inode++;
    String head =
        String.format(
            Locale.ROOT,
            "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
            inode,
            mode,
            0,
            0,
            1,
            0,
            content.length,
            0,
            0,
            major,
            minor,
            name.length,
            0);
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(name);
    align();
    out.writeBytes(content);
    align();
    return this;
  }

  private void align() {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }
}

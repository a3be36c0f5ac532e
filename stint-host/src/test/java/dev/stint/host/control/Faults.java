package dev.stint.host.control;

import java.io.IOException;
import java.util.Arrays;

/// A kernel or a disk that refuses once, at the n-th write.
final class Faults {
  private final ControlFiles files;
  private final JournalDisk disk;
  private final Kind kind;
  private final int at;
  private int writes;
  private int appends;
  private boolean happened;

  /// What goes wrong.
  enum Kind {
    /// The kernel answers EINVAL.
    INVALID,
    /// The kernel answers EBUSY.
    BUSY,
    /// The kernel takes it, and it reads as before.
    IGNORED,
    /// From then on the disk takes half a line and is full.
    DISK_FULL
  }

  Faults(ControlFiles files, JournalDisk disk, Kind kind, int at) {
    this.files = files;
    this.disk = disk;
    this.kind = kind;
    this.at = at;
  }

  boolean happened() {
    return happened;
  }

  private boolean now() {
    boolean now = writes++ == at;
    happened |= now;
    return now;
  }

  ControlFiles files() {
    return new ForwardedFiles() {
      @Override
      public ControlFiles to() {
        return files;
      }

      @Override
      public void write(ControlFile file, String text) throws IOException {
        switch (kind) {
          case INVALID -> refuse("Invalid argument");
          case BUSY -> refuse("Device or resource busy");
          case IGNORED -> {
            if (now()) {
              return;
            }
          }
          case DISK_FULL -> {}
        }
        files.write(file, text);
      }

      private void refuse(String answer) throws IOException {
        if (now()) {
          throw new IOException(answer);
        }
      }
    };
  }

  JournalDisk disk() {
    return new ForwardedDisk() {
      @Override
      public JournalDisk to() {
        return disk;
      }

      @Override
      public void append(byte[] bytes) throws IOException {
        if (kind == Kind.DISK_FULL && appends++ >= at) {
          happened = true;
          disk.append(Arrays.copyOf(bytes, bytes.length / 2));
          throw new IOException("No space left on device");
        }
        disk.append(bytes);
      }
    };
  }
}

package dev.stint.host.control;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

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
    return new ControlFiles() {
      @Override
      public int version(String controller) {
        return files.version(controller);
      }

      @Override
      public String read(ControlFile file) throws IOException {
        return files.read(file);
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

      @Override
      public String identity(ControlFile file) throws IOException {
        return files.identity(file);
      }

      @Override
      public List<String> children(String controller, String group) throws IOException {
        return files.children(controller, group);
      }
    };
  }

  JournalDisk disk() {
    return new JournalDisk() {
      @Override
      public byte[] read() throws IOException {
        return disk.read();
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

      @Override
      public void cut(long length) throws IOException {
        disk.cut(length);
      }

      @Override
      public void close() throws IOException {
        disk.close();
      }
    };
  }
}

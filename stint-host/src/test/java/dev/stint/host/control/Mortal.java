package dev.stint.host.control;

import java.io.IOException;
import java.util.Arrays;

/// A process's view of its kernel and its disk, in which it dies at a given position: before or
/// after any change of either, or with half a line on the disk. The dead do nothing more.
final class Mortal {
  private final ControlFiles files;
  private final JournalDisk disk;
  private final Death death;
  private int position;

  /// What happens at the position.
  interface Death {
    void at(int position);
  }

  /// The end of a process, for tests within one.
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  Mortal(ControlFiles files, JournalDisk disk, Death death) {
    this.files = files;
    this.disk = disk;
    this.death = death;
  }

  /// Dies at one position by an error that nothing catches.
  static Mortal until(ControlFiles files, JournalDisk disk, int last) {
    return new Mortal(
        files,
        disk,
        at -> {
          if (at >= last) {
            throw new Killed();
          }
        });
  }

  /// How many positions were passed.
  int position() {
    return position;
  }

  private void pass() {
    death.at(position);
    position++;
  }

  ControlFiles files() {
    return new ForwardedFiles() {
      @Override
      public ControlFiles to() {
        return files;
      }

      @Override
      public void write(ControlFile file, String text) throws IOException {
        pass();
        files.write(file, text);
        pass();
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
        pass();
        try {
          pass();
        } catch (Killed e) {
          disk.append(Arrays.copyOf(bytes, bytes.length / 2));
          throw e;
        }
        disk.append(bytes);
        pass();
      }

      @Override
      public void close() throws IOException {
        pass();
        disk.close();
        pass();
      }
    };
  }
}

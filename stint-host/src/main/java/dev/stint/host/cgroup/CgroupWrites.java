package dev.stint.host.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The ways to change a tree of cgroups; tests put a tree of plain files behind them.
public interface CgroupWrites {
  /// The kernel's trees.
  CgroupWrites KERNEL =
      new CgroupWrites() {
        @Override
        public void make(Path group) throws IOException {
          Files.createDirectory(group);
        }

        @Override
        public void remove(Path group) throws IOException {
          Files.delete(group);
        }

        @Override
        public void write(Path file, String text) throws IOException {
          // One write(2), of a file that is there, and never through a link.
          try (FileChannel out =
              FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
          }
        }
      };

  /// Makes a cgroup.
  void make(Path group) throws IOException;

  /// Removes a cgroup without children and processes.
  void remove(Path group) throws IOException;

  /// Writes a knob, in one write.
  void write(Path file, String text) throws IOException;
}

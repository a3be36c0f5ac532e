package dev.stint.host.standin;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.GroupMarker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A disk for a virtual machine that spins: one sector, which jumps to itself. It carries the
/// marker's name in the directory of temporary files; what killed processes left there goes first.
///
/// @param path of the file
record BootDisk(Path path) implements AutoCloseable {
  private static final String ENDING = ".boot";
  private static final int SECTOR = 512;

  static BootDisk make(HostFiles files, GroupMarker marker) throws IOException {
    Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    sweep(files, directory);
    Path path = directory.resolve(marker.name() + ENDING);
    Files.write(path, sector());
    return new BootDisk(path);
  }

  private static void sweep(HostFiles files, Path directory) throws IOException {
    List<Path> found;
    try (Stream<Path> entries = Files.list(directory)) {
      found = entries.filter(entry -> entry.toString().endsWith(ENDING)).toList();
    }
    for (Path entry : found) {
      String name = entry.getFileName().toString();
      String marker = name.substring(0, name.length() - ENDING.length());
      if (GroupMarker.parse(marker).filter(owner -> owner.dead(files)).isPresent()) {
        Files.deleteIfExists(entry);
      }
    }
  }

  static byte[] sector() {
    byte[] sector = new byte[SECTOR];
    sector[0] = (byte) 0xEB; // jmp
    sector[1] = (byte) 0xFE; // to itself
    sector[SECTOR - 2] = 0x55;
    sector[SECTOR - 1] = (byte) 0xAA;
    return sector;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

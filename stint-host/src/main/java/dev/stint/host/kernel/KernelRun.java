package dev.stint.host.kernel;

import dev.stint.host.Probe;
import dev.stint.model.stack.Scenario;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A scenario as a real kernel ran it.
///
/// @param image its kernel
/// @param emulator what it ran in
/// @param digest of everything that the guest reported, its trace included: equal for every run of
///   the same kernel, scenario, compiler and emulator
/// @param kept whether it was found in the cache rather than run now
/// @param report what it did
public record KernelRun(
    KernelImage image, String emulator, String digest, boolean kept, GuestReport report) {
  private static final int CONSOLE_MAJOR = 5;

  /// Where runs are made and kept.
  ///
  /// @param cache Stint's cache directory
  /// @param secondsMax real time after which a run is given up
  public record Place(Path cache, long secondsMax) {}

  /// Boots the kernel and has it run the scenario, or returns what the same run gave before.
  ///
  /// @param fresh boot even so
  public static KernelRun of(KernelImage image, Scenario scenario, Place place, boolean fresh)
      throws CannotBoot {
    GuestPlan plan = GuestPlan.of(scenario);
    if (!(Emulator.probe() instanceof Probe.Supported(String emulator))) {
      throw CannotBoot.machine(Emulator.probe().reason());
    }
    byte[] initramfs = initramfs(plan, place.cache());
    List<String> arguments = Emulator.arguments(scenario.machine());
    String key =
        Hash.of(
            String.join(
                "\n", image.sha256(), Hash.of(initramfs), emulator, String.join(" ", arguments)));
    Path file = place.cache().resolve("runs").resolve(key + ".gz");
    try {
      boolean kept = !fresh && Files.exists(file);
      byte[] bytes;
      if (kept) {
        bytes = unpacked(file);
      } else {
        Emulator machine = new Emulator(place.cache().resolve("boots"), place.secondsMax());
        bytes = machine.run(image, initramfs, arguments);
      }
      GuestReport report = GuestReport.read(bytes);
      if (!kept) {
        keep(file, bytes);
      }
      return new KernelRun(image, emulator, Hash.of(bytes), kept, report);
    } catch (IOException e) {
      throw CannotBoot.machine("the cache " + file + " cannot be used: " + CannotBoot.words(e));
    }
  }

  private static byte[] initramfs(GuestPlan plan, Path cache) throws CannotBoot {
    return new CpioArchive()
        .directory("dev")
        .device("dev/console", CONSOLE_MAJOR, 1)
        .program("init", new GuestProgram(cache).bytes())
        .file("plan", plan.text().getBytes(StandardCharsets.US_ASCII))
        .bytes();
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return in.readAllBytes();
    }
  }

  private static void keep(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    Path part = Files.createTempFile(file.resolveSibling("."), "run", ".part");
    Files.write(part, packed.toByteArray());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

package dev.stint.host.proc;

import dev.stint.host.HostFiles;
import dev.stint.host.Numbers;
import dev.stint.host.Reading;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much work waited for a CPU, of `/proc/pressure/cpu` or a cgroup's `cpu.pressure`.
///
/// @param someTotalNs time during which some task waited
/// @param avg10Permyriad part of the last ten seconds, hundredths of a percent
/// @param fullTotalNs time during which all tasks waited, absent where the kernel does not say
public record PressureStall(long someTotalNs, int avg10Permyriad, OptionalLong fullTotalNs) {
  private static final Pattern LINE =
      Pattern.compile(
          "(some|full) avg10=(\\d{1,3})\\.(\\d{2}) avg60=\\S+ avg300=\\S+ total=(\\d{1,18})");
  private static final long US = 1000;

  /// Of the whole host.
  public static Reading<PressureStall> read(HostFiles files) {
    return read(files, "proc/pressure/cpu");
  }

  /// Of a file in this form, without a leading `/`.
  public static Reading<PressureStall> read(HostFiles files, String path) {
    return Reading.of(files, path, PressureStall::parse);
  }

  /// Reads the text of a pressure file.
  public static Optional<PressureStall> parse(String text) {
    OptionalLong some = OptionalLong.empty();
    OptionalLong full = OptionalLong.empty();
    int avg10 = 0;
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        continue;
      }
      OptionalLong total = Numbers.scaled(Numbers.count(matcher.group(4)), US);
      if (matcher.group(1).equals("full")) {
        full = total;
      } else {
        some = total;
        avg10 = Integer.parseInt(matcher.group(2)) * 100 + Integer.parseInt(matcher.group(3));
      }
    }
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(new PressureStall(some.getAsLong(), avg10, full));
  }
}

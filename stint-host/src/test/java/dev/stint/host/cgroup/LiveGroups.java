package dev.stint.host.cgroup;

import dev.stint.host.HostFiles;
import dev.stint.testkit.Skip;
import java.util.Arrays;

/// Cgroups on this machine's kernel; the test that asks for them is skipped where it lets us make
/// none.
public final class LiveGroups {
  private LiveGroups() {}

  /// Opens cgroups of this process.
  ///
  /// @param controllers what they have to have
  public static OwnedGroups open(String... controllers) {
    HostFiles files = HostFiles.ofThisMachine();
    Cgroups cgroups = Cgroups.of(files);
    Skip.unless(
        Arrays.stream(controllers).allMatch(name -> cgroups.of(name).isPresent()),
        "no cgroups with " + String.join(" and ", controllers));
    try {
      return OwnedGroups.open(
          files, cgroups, CgroupWrites.KERNEL, GroupMarker.ofThisProcess(files));
    } catch (CgroupRefused refused) {
      throw refused(refused);
    }
  }

  /// Prints what the kernel said, for the caller to throw.
  public static RuntimeException refused(CgroupRefused refused) {
    return Skip.because("cgroups cannot be made: " + refused.getMessage());
  }
}

package dev.stint.host.sys;

import java.io.IOException;
import java.util.Map;

/// The kernel refused a system call.
public final class SystemCallFailed extends IOException {
  private static final long serialVersionUID = 1L;

  /// Of asm-generic/errno-base.h and errno.h, those that the calls of this package can have.
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "EPERM"),
          Map.entry(2, "ENOENT"),
          Map.entry(3, "ESRCH"),
          Map.entry(4, "EINTR"),
          Map.entry(5, "EIO"),
          Map.entry(7, "E2BIG"),
          Map.entry(9, "EBADF"),
          Map.entry(11, "EAGAIN"),
          Map.entry(12, "ENOMEM"),
          Map.entry(13, "EACCES"),
          Map.entry(14, "EFAULT"),
          Map.entry(16, "EBUSY"),
          Map.entry(19, "ENODEV"),
          Map.entry(20, "ENOTDIR"),
          Map.entry(21, "EISDIR"),
          Map.entry(22, "EINVAL"),
          Map.entry(24, "EMFILE"),
          Map.entry(28, "ENOSPC"),
          Map.entry(29, "ESPIPE"),
          Map.entry(32, "EPIPE"),
          Map.entry(38, "ENOSYS"),
          Map.entry(40, "ELOOP"),
          Map.entry(61, "ENODATA"),
          Map.entry(95, "EOPNOTSUPP"));

  private final String call;
  private final int errno;

  /// @param call such as `sched_setaffinity(17)`
  /// @param errno the kernel's number
  SystemCallFailed(String call, int errno) {
    super(call + ": " + name(errno));
    this.call = call;
    this.errno = errno;
  }

  /// What was called.
  public String call() {
    return call;
  }

  /// Why not, such as `EPERM`.
  public String errorName() {
    return name(errno);
  }

  private static String name(int errno) {
    return NAMES.getOrDefault(errno, "errno " + errno);
  }
}

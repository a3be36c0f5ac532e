package dev.stint.host.cgroup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// The kernel, or the lack of a hierarchy, refused something with a cgroup.
public final class CgroupRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param what what was tried, and why not
  public CgroupRefused(String what) {
    super(what);
  }

  /// @param what what was tried
  /// @param cause the kernel's answer
  CgroupRefused(String what, IOException cause) {
    super(what + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}

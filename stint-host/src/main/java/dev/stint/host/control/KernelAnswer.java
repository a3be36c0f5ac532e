package dev.stint.host.control;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What the kernel said to a read or a write, in words.
final class KernelAnswer {
  private KernelAnswer() {}

  static String words(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file or cgroup";
      case AccessDeniedException _ -> "permission denied: be root, or own a delegated cgroup";
      case FileSystemException failed when failed.getReason() != null -> known(failed.getReason());
      default -> known(String.valueOf(e.getMessage()));
    };
  }

  private static String known(String reason) {
    return switch (reason) {
      case "Invalid argument" ->
          "the kernel refuses this value (EINVAL): outside its range, or above what the parent"
              + " group allows";
      case "Device or resource busy" ->
          "busy (EBUSY): processes or child groups depend on what would be taken away";
      case "Permission denied" ->
          "permission denied: no privilege, or CPUs outside the parent's cpuset (EACCES)";
      case "Numerical result out of range" ->
          "the kernel refuses this value (ERANGE): a processor that this machine does not have";
      case "Read-only file system" -> "cgroups are mounted read-only here (EROFS)";
      default ->
          reason.startsWith("Too many levels of symbolic links") || reason.equals("Not a directory")
              ? "a link or no directory; links are not followed"
              : reason;
    };
  }
}

package dev.stint.host.control;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Finds processes by what they are called.
final class Processes {
  private Processes() {}

  /// The VMM of a VM: QEMU by `-name`, Firecracker by `--id`.
  static List<Long> ofVm(HostFiles host, String name) {
    return matching(
        host,
        process -> {
          List<String> arguments = process.arguments();
          for (int i = 1; i < arguments.size(); i++) {
            String before = arguments.get(i - 1);
            String argument = arguments.get(i);
            boolean named = before.equals("-name") || before.equals("--name");
            boolean qemu = named && guest(argument).equals(name);
            boolean firecracker = before.equals("--id") && argument.equals(name);
            if (qemu || firecracker || argument.equals("--id=" + name)) {
              return true;
            }
          }
          return false;
        });
  }

  /// QEMU's `-name web`, `-name guest=web,debug-threads=on`.
  private static String guest(String argument) {
    for (String part : argument.split(",")) {
      if (part.startsWith("guest=")) {
        return part.substring("guest=".length());
      }
    }
    return argument.split(",", 2)[0];
  }

  /// Those with the name of a program.
  static List<Long> named(HostFiles host, String name) {
    return matching(
        host,
        process -> {
          String first = process.arguments().isEmpty() ? "" : process.arguments().getFirst();
          String program = first.substring(first.lastIndexOf('/') + 1);
          return process.command().equals(name) || program.equals(name);
        });
  }

  /// @param command at most 15 bytes of the program's name
  private record Process(String command, List<String> arguments) {}

  private static List<Long> matching(HostFiles host, Predicate<Process> wanted) {
    long self = ProcessHandle.current().pid();
    List<Long> pids = new ArrayList<>();
    for (String entry : host.list("proc")) {
      if (!entry.matches("[1-9]\\d{0,9}")) {
        continue;
      }
      long pid = Long.parseLong(entry);
      String arguments = text(host, "proc/" + pid + "/cmdline");
      Process process =
          new Process(
              text(host, "proc/" + pid + "/comm").strip(),
              arguments.isEmpty() ? List.of() : List.of(arguments.split("\0")));
      if (pid != self && wanted.test(process)) {
        pids.add(pid);
      }
    }
    return pids;
  }

  private static String text(HostFiles host, String path) {
    return switch (host.read(path)) {
      case Text.Read(String text) -> text;
      case Text.Unreadable _ -> "";
    };
  }
}

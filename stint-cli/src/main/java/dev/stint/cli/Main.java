package dev.stint.cli;

/// The entry point of `./stint`.
public final class Main {
  private Main() {}

  /// Prints the version; the commands are still to come.
  public static void main(String[] args) {
    System.out.println("stint " + Version.text());
  }
}

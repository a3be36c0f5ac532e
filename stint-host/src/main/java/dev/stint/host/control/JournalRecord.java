package dev.stint.host.control;

/// One line of the journal.
sealed interface JournalRecord {
  /// An application of a policy begins.
  ///
  /// @param startedMs since 1970
  /// @param boot the kernel's id of this boot, empty where it has none
  /// @param policy the file's name
  /// @param owns the subtree that is written
  record Begin(long startedMs, String boot, String policy, String owns) implements JournalRecord {}

  /// A file is about to be written.
  ///
  /// @param step counts from 0 over the whole journal
  /// @param file that is written
  /// @param identity of its cgroup
  /// @param old what it reads, byte for byte
  /// @param value what is written
  /// @param kind whether it is written at all
  record Will(
      int step, ControlFile file, String identity, String old, String value, Change.Kind kind)
      implements JournalRecord {}

  /// It was written, and reads back.
  record Did(int step, String found) implements JournalRecord {}

  /// All of the application was written.
  record Applied() implements JournalRecord {}

  /// It reads otherwise than applied, and is about to be written again.
  record Again(int step, String found) implements JournalRecord {}

  /// It is as before, or its cgroup is gone.
  record Undone(int step) implements JournalRecord {}
}

package dev.stint.host.control;

/// A line of the journal that cannot be believed.
///
/// @param line counts from 1
/// @param words what is wrong with it
/// @param text what it reads, checked by nothing
public record JournalDamage(int line, String words, String text) {}

package dev.stint.checks.samples;

/// Breaks the rules of shape: its name, open to extension, its fields.
public abstract class AbstractThing {
  /// Shared state.
  public static int shared;

  /// A table anyone can write to.
  public static final int[] TABLE = {1};

  /// A public field.
  public int open;

  /// One step too deep below [Middle].
  public static final class Leaf extends Middle {}

  /// Open in the middle.
  public static class Middle extends AbstractThing {}
}

package dev.stint.scenario;

/// A place in a text.
///
/// @param line from 1; 0 for the file as a whole
/// @param column from 1, in code points; 0 for the file as a whole
record Position(int line, int column) implements Comparable<Position> {
  /// The file as a whole.
  static final Position FILE = new Position(0, 0);

  @Override
  public int compareTo(Position other) {
    return line == other.line
        ? Integer.compare(column, other.column)
        : Integer.compare(line, other.line);
  }
}

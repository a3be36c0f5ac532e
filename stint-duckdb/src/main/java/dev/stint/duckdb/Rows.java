package dev.stint.duckdb;

import java.sql.SQLException;
import java.util.OptionalDouble;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Rows for a table, from left to right; an empty text is NULL.
final class Rows implements AutoCloseable {
  /// Rows that wait in memory for the database.
  private static final int BATCH = 100_000;

  private final DuckDBAppender appender;
  private int waiting;

  Rows(DuckDBConnection connection, String table) throws SQLException {
    appender = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
  }

  Rows begin(String first) {
    try {
      appender.beginRow();
    } catch (SQLException e) {
      throw new LostRow(e);
    }
    return text(first);
  }

  Rows text(String text) {
    try {
      if (text.isEmpty()) {
        appender.appendNull();
      } else {
        appender.append(text);
      }
    } catch (SQLException e) {
      throw new LostRow(e);
    }
    return this;
  }

  Rows number(long number) {
    try {
      appender.append(number);
    } catch (SQLException e) {
      throw new LostRow(e);
    }
    return this;
  }

  Rows none() {
    return text("");
  }

  Rows fraction(OptionalDouble fraction) {
    try {
      if (fraction.isPresent()) {
        appender.append(fraction.getAsDouble());
      } else {
        appender.appendNull();
      }
    } catch (SQLException e) {
      throw new LostRow(e);
    }
    return this;
  }

  void end() {
    try {
      appender.endRow();
      if (++waiting == BATCH) {
        appender.flush();
        waiting = 0;
      }
    } catch (SQLException e) {
      throw new LostRow(e);
    }
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}

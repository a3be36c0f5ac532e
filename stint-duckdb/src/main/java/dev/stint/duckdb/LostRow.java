package dev.stint.duckdb;

import java.sql.SQLException;

/// A row could not be appended: the disk is full, most likely.
final class LostRow extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostRow(SQLException cause) {
    super(cause.getMessage(), cause);
  }
}

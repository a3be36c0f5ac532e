/// Runs as Parquet tables, written by DuckDB (docs/run-directory.md). Nothing needs this module to
/// be there.
@org.jspecify.annotations.NullMarked
package dev.stint.duckdb;

@org.jspecify.annotations.NullMarked
package dev.stint.duckdb;

package dev.stint.duckdb;

import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.report.Results;
import dev.stint.report.events.EventFileReader;
import dev.stint.report.tables.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalDouble;
import org.duckdb.DuckDBConnection;

/// Writes the tables with DuckDB: rows go into a database in the scratch directory, and from there
/// into compressed Parquet, so that memory does not grow with the run.
public final class DuckTables implements TableWriter {
  private static final String EVENTS =
      "assembly VARCHAR, seq BIGINT, time_ns BIGINT, kind VARCHAR, entity VARCHAR,"
          + " processor VARCHAR, other VARCHAR, detail VARCHAR, value_ns BIGINT";
  private static final String SPANS =
      "assembly VARCHAR, entity VARCHAR, kind VARCHAR, from_ns BIGINT, to_ns BIGINT,"
          + " status VARCHAR, reason VARCHAR, occupant VARCHAR";
  private static final String LEDGER =
      "assembly VARCHAR, entity VARCHAR, kind VARCHAR, \"group\" VARCHAR, wall_ns BIGINT,"
          + " run_ns BIGINT, blocked_ns BIGINT, wait_ns BIGINT, overhead_ns BIGINT,"
          + " dispatches BIGINT, switches BIGINT, migrations BIGINT, wake_count BIGINT,"
          + " wake_p99_ns BIGINT, share DOUBLE, entitled_share DOUBLE";
  private static final String THEFT =
      "assembly VARCHAR, victim VARCHAR, victim_kind VARCHAR, reason VARCHAR, occupant VARCHAR,"
          + " ns BIGINT";

  /// For the service loader.
  public DuckTables() {}

  @Override
  public List<String> write(
      Results results, List<EventFileReader> runs, Path directory, Path scratch)
      throws IOException {
    String database = "jdbc:duckdb:" + scratch.resolve("tables.duckdb");
    try (DuckDBConnection connection =
        DriverManager.getConnection(database).unwrap(DuckDBConnection.class)) {
      try (Statement sql = connection.createStatement()) {
        // One thread: the same rows give the same bytes.
        sql.execute("SET threads = 1");
        sql.execute("SET memory_limit = '512MB'");
        sql.execute("CREATE TABLE events (" + EVENTS + ")");
        sql.execute("CREATE TABLE spans (" + SPANS + ")");
        sql.execute("CREATE TABLE ledger (" + LEDGER + ")");
        sql.execute("CREATE TABLE theft (" + THEFT + ")");
      }
      for (EventFileReader run : runs) {
        fillEvents(connection, run);
      }
      fillLedgers(connection, results);
      return copy(connection, directory, "events", "spans", "ledger", "theft");
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    } catch (LostRow e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static List<String> copy(DuckDBConnection connection, Path directory, String... tables)
      throws SQLException {
    try (Statement sql = connection.createStatement()) {
      for (String table : tables) {
        String file = directory.resolve(table + ".parquet").toString().replace("'", "''");
        sql.execute("COPY " + table + " TO '" + file + "' (FORMAT parquet, COMPRESSION zstd)");
      }
    }
    return List.of(tables).stream().map(table -> table + ".parquet").toList();
  }

  private static void fillEvents(DuckDBConnection connection, EventFileReader run)
      throws SQLException {
    String assembly = run.label().assembly();
    try (Rows events = new Rows(connection, "events");
        Rows spans = new Rows(connection, "spans")) {
      SpanRows[] spanRows = new SpanRows[1];
      run.ledger(recorded -> {
        Names names = new Names(recorded.entities());
        spanRows[0] = new SpanRows(assembly, names, spans);
        return new Watch(new EventRows(assembly, names, events), spanRows[0]);
      });
      spanRows[0].finish();
    }
  }

  private static void fillLedgers(DuckDBConnection connection, Results results)
      throws SQLException {
    try (Rows ledger = new Rows(connection, "ledger");
        Rows thefts = new Rows(connection, "theft")) {
      for (RunResult run : results.runs()) {
        run.entities().forEach(entity -> account(ledger, run.assembly(), entity));
        for (Theft theft : run.theft()) {
          thefts
              .begin(run.assembly())
              .text(theft.victim())
              .text(run.entity(theft.victim()).orElseThrow().kind().jsonName())
              .text(theft.reason().text())
              .text(theft.occupant())
              .number(theft.ns())
              .end();
        }
      }
    }
  }

  private static void account(Rows ledger, String assembly, EntityResult entity) {
    OptionalDouble entitled = entity.entitledShare();
    ledger
        .begin(assembly)
        .text(entity.path())
        .text(entity.kind().jsonName())
        .text(entity.group().orElse(""))
        .number(entity.wallNs())
        .number(entity.runNs())
        .number(entity.blockedNs())
        .number(entity.totalWaitNs())
        .number(entity.totalOverheadNs())
        .number(entity.dispatches())
        .number(entity.switches())
        .number(entity.migrations())
        .number(entity.wakeLatency().count())
        .number(entity.wakeLatency().p99Ns())
        .fraction(OptionalDouble.of(entity.share()))
        .fraction(entitled)
        .end();
  }
}

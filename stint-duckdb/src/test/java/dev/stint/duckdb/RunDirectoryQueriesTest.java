package dev.stint.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The queries of docs/run-directory.md over a run directory that the command line wrote, against
/// its result.json.
final class RunDirectoryQueriesTest {
  private static final Pattern QUERY = Pattern.compile("```sql\n(.*?);\n```", Pattern.DOTALL);

  @TempDir private static Path directory;
  private static Path out;
  private static JsonNode result;
  private static List<String> queries;

  @BeforeAll
  static void run() throws Exception {
    Path root = Path.of(System.getProperty("stint.root", ".."));
    out = directory.resolve("an 'out'");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.stint.cli.Main",
                "compare",
                root.resolve("scenarios/l1vh/core-vs-integrated").toRealPath().toString(),
                "--duration",
                "2s",
                "--out",
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(directory.resolve("said"));
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).doesNotContain("without tables").doesNotContain("WARNING");
    result = JsonMapper.shared().readTree(out.resolve("result.json"));
    queries = new ArrayList<>();
    Matcher matcher = QUERY.matcher(Files.readString(root.resolve("docs/run-directory.md")));
    while (matcher.find()) {
      queries.add(matcher.group(1));
    }
    assertThat(queries).hasSize(3);
  }

  private static List<Map<String, Object>> rows(String sql) throws SQLException {
    String where = out.toString().replace("'", "''");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet set = statement.executeQuery(sql.replace("'tables/", "'" + where + "/tables/"))) {
      List<Map<String, Object>> rows = new ArrayList<>();
      while (set.next()) {
        Map<String, Object> row = new TreeMap<>();
        for (int i = 1; i <= set.getMetaData().getColumnCount(); i++) {
          Object value = set.getObject(i);
          row.put(set.getMetaData().getColumnName(i), value == null ? "" : value);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static Stream<JsonNode> runs() {
    return result.path("runs").valueStream();
  }

  private static JsonNode entity(String assembly, String path) {
    return runs()
        .filter(run -> run.path("assembly").asString().equals(assembly))
        .flatMap(run -> run.path("entities").valueStream())
        .filter(entity -> entity.path("path").asString().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static long totalWaitNs(JsonNode entity) {
    return entity.path("wait_ns").valueStream().mapToLong(JsonNode::asLong).sum()
        + Stream.of("signal", "intercept")
            .mapToLong(kind -> entity.path("overhead_ns").path(kind).asLong(0))
            .sum();
  }

  @Test
  void mostTheft_query_equalsTheResultsRows() throws SQLException {
    List<String> expected =
        runs()
            .flatMap(run ->
                run.path("theft")
                    .valueStream()
                    .filter(theft ->
                        entity(run.path("assembly").asString(), theft.path("victim").asString())
                            .path("kind")
                            .asString()
                            .equals("task"))
                    .map(theft ->
                        Map.entry(
                            theft.path("ns").asLong(),
                            run.path("assembly").asString()
                                + " "
                                + theft.path("victim").asString()
                                + " "
                                + theft.path("reason").asString()
                                + " "
                                + theft.path("occupant").asString())))
            .sorted(
                Map.Entry.<Long, String>comparingByKey(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByValue()))
            .limit(10)
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .toList();
    List<String> answer =
        rows(queries.get(0)).stream()
            .map(row ->
                row.get("ns")
                    + " "
                    + row.get("assembly")
                    + " "
                    + row.get("victim")
                    + " "
                    + row.get("reason")
                    + " "
                    + row.get("occupant"))
            .toList();
    assertThat(answer).hasSize(10).isEqualTo(expected);
  }

  @Test
  void worstWaits_query_isOfWaitsThatSumToTheResults() throws SQLException {
    List<Map<String, Object>> worst = rows(queries.get(1));
    assertThat(worst).hasSize(10);
    assertThat(worst)
        .isSortedAccordingTo(
            Comparator.comparingLong(row -> -((Number) row.get("waited_ns")).longValue()));
    Map<String, Long> sums = new TreeMap<>();
    for (Map<String, Object> row : rows(queries.get(1).replace("LIMIT 10", ""))) {
      long waitedNs = ((Number) row.get("waited_ns")).longValue();
      sums.merge(row.get("assembly").toString(), waitedNs, Long::sum);
    }
    assertThat(sums).containsOnlyKeys("core", "integrated", "root");
    sums.forEach((assembly, ns) ->
        assertThat(ns)
            .as(assembly)
            .isEqualTo(totalWaitNs(entity(assembly, "l1vh/vm-gold/task:web-0"))));
  }

  @Test
  void shares_query_equalTheResults() throws SQLException {
    List<Map<String, Object>> shares = rows(queries.get(2));
    assertThat(shares).isNotEmpty();
    for (Map<String, Object> row : shares) {
      JsonNode entity = entity(row.get("assembly").toString(), row.get("entity").toString());
      assertThat(((Number) row.get("share")).doubleValue())
          .as(row.toString())
          .isCloseTo(entity.path("share").asDouble(), within(1e-12));
    }
  }

  @Test
  void ledger_everyRow_equalsTheResult() throws SQLException {
    List<Map<String, Object>> rows = rows("SELECT * FROM 'tables/ledger.parquet'");
    assertThat((long) rows.size())
        .isEqualTo(runs().mapToLong(run -> run.path("entities").size()).sum());
    for (Map<String, Object> row : rows) {
      JsonNode entity = entity(row.get("assembly").toString(), row.get("entity").toString());
      for (String column : List.of("wall_ns", "run_ns", "blocked_ns", "switches", "migrations")) {
        assertThat(((Number) row.get(column)).longValue())
            .as(row + " " + column)
            .isEqualTo(entity.path(column).asLong());
      }
    }
  }

  @Test
  void spans_everyEntity_haveNoGapAndEventsComeInOrder() throws SQLException {
    assertThat(
            rows(
                """
                SELECT assembly, entity, max(to_ns) AS until_ns FROM 'tables/spans.parquet'
                GROUP BY assembly, entity
                HAVING sum(to_ns - from_ns) <> max(to_ns) OR min(from_ns) <> 0
                  OR max(to_ns) <> 2000000000\
                """))
        .isEmpty();
    assertThat(
            rows(
                """
                SELECT * FROM (SELECT time_ns, lag(time_ns) OVER
                  (PARTITION BY assembly ORDER BY seq) AS before_ns FROM 'tables/events.parquet')
                WHERE before_ns > time_ns\
                """))
        .isEmpty();
  }

  @Test
  void tables_inTheManifest_areZstdAndAllThere() throws SQLException, IOException {
    JsonNode manifest = JsonMapper.shared().readTree(out.resolve("manifest.json"));
    List<String> tables =
        manifest
            .path("files")
            .valueStream()
            .map(file -> file.path("name").asString())
            .filter(name -> name.startsWith("tables/"))
            .toList();
    assertThat(tables).hasSize(4);
    for (String table : tables) {
      assertThat(rows("SELECT DISTINCT compression FROM parquet_metadata('" + table + "')"))
          .containsExactly(Map.of("compression", "ZSTD"));
    }
    try (Stream<Path> beside = Files.list(directory)) {
      assertThat(beside.map(path -> path.getFileName().toString()).sorted())
          .containsExactly("an 'out'", "said");
    }
  }
}

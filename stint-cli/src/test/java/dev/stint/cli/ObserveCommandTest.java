package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `observe` on a machine of files.
final class ObserveCommandTest {
  private static final String CPU = " 100 0 50 1000 0 0 0 5 0 0\n";

  @TempDir private Path directory;

  private Shell shell() {
    return Shell.in(directory)
        .withFile("proc/stat", "cpu " + CPU + "cpu0" + CPU)
        .withFile("proc/7/stat", stat())
        .withFile("proc/7/cmdline", "firecracker\0--id\0blue\0")
        .withFile("proc/7/task/7/stat", stat())
        .withFile("proc/7/task/7/schedstat", "5 6 7\n");
  }

  private static String stat() {
    return "7 (fc_vcpu 0) S 1 1 1 0 -1 64 0 0 0 0 7 8 0 0 20 0 1 0 4242 0 0 0 0 0 0 0 0 0 0 0 0 0"
        + " 0 0 17 0 0 0 0 0 0\n";
  }

  @Test
  void observe_withNobodyAtATerminal_printsALineALookAndASum() {
    Shell.Answer answer = shell().stint("observe", "--for", "200ms", "--interval", "100ms");
    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("1 CPU: run", "In all ", "host/thread:blue/vcpu0")
        .doesNotContain("\033");
    assertThat(answer.out().lines().filter(line -> line.matches("0\\.\\ds .*")).count())
        .isBetween(1L, 2L);
  }

  @Test
  void observe_atATerminal_drawsOver() {
    Shell.Answer answer =
        shell()
            .atTerminal(java.util.Map.of())
            .stint("observe", "--for", "100ms", "--interval", "100ms");
    assertThat(answer.out()).startsWith("\033[H\033[J").contains("host/thread:blue/vcpu0");
  }

  @Test
  void observe_json_hasAccountsThatAddUp() {
    Shell.Answer answer =
        shell().stint("observe", "--for", "100ms", "--interval", "100ms", "--json", "-");
    JsonNode root = JsonMapper.builder().build().readTree(answer.out());
    assertThat(root.get("source").asString()).isEqualTo("live");
    assertThat(root.get("entities").size()).isEqualTo(3); // a CPU, a VM, its thread
    for (JsonNode entity : root.get("entities")) {
      long sum =
          entity.get("run_ns").asLong()
              + entity.get("blocked_ns").asLong()
              + entity.get("unknown_ns").asLong();
      for (JsonNode wait : entity.get("wait_ns")) {
        sum += wait.asLong();
      }
      assertThat(sum).isEqualTo(entity.get("wall_ns").asLong()).isPositive();
      assertThat(entity.get("wake_latency_ns").isNull()).isTrue();
    }
    assertThat(root.get("verdict").get("text").asString()).isNotEmpty();
  }

  @Test
  void observe_whereThereIsNoProc_isNotPossible() {
    Shell.Answer answer = Shell.in(directory).stint("observe");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("/proc/stat");
  }

  @Test
  void observe_wrongValues_areRefusedWithTheBounds() {
    assertThat(shell().stint("observe", "--interval", "1ms").err()).contains("100ms to 60s");
    assertThat(shell().stint("observe", "--for", "soon").err()).contains("\"soon\"");
    assertThat(shell().stint("observe", "--metrics", "9273").err()).contains("HOST:PORT");
    assertThat(shell().stint("observe", "--metrics", "nowhere.invalid:1").status()).isEqualTo(3);
  }

  @Test
  void metrics_overHttp_areThePageAndNothingElse() throws Exception {
    MetricsPage page = new MetricsPage();
    page.replace("stint_x 1\n");
    try (MetricsServer server = new MetricsServer(Optional.of(":0"), Optional.of(page));
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create(server.address().orElseThrow());
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("stint_x 1\n");
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      HttpResponse<String> other =
          client.send(
              HttpRequest.newBuilder(uri.resolve("/etc/passwd")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(other.statusCode()).isEqualTo(404);
    }
  }
}

package dev.stint.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stint.host.observe.MetricsText;
import dev.stint.scenario.Wording;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Serves `/metrics`, if it was asked to.
final class MetricsServer implements AutoCloseable {
  private final Optional<HttpServer> server;
  private final String host;

  /// @param address `HOST:PORT`; `:PORT` is localhost
  /// @param page what to serve
  MetricsServer(Optional<String> address, Optional<MetricsPage> page) {
    if (address.isEmpty() || page.isEmpty()) {
      server = Optional.empty();
      host = "";
      return;
    }
    String wanted = address.get();
    int colon = wanted.lastIndexOf(':');
    String port = wanted.substring(colon + 1);
    if (colon < 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw Refusal.input(
          "--metrics takes HOST:PORT, got "
              + Wording.quoted(wanted)
              + ". Write --metrics localhost:9273.");
    }
    host = colon == 0 ? "localhost" : wanted.substring(0, colon).replaceAll("^\\[|]$", "");
    try {
      HttpServer made = HttpServer.create(new InetSocketAddress(host, Integer.parseInt(port)), 0);
      MetricsPage served = page.get();
      made.createContext("/", exchange -> answer(exchange, served.text()));
      made.start();
      server = Optional.of(made);
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.NOT_HERE,
          List.of("stint: cannot serve --metrics " + wanted + ": " + e.getMessage() + "."));
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      boolean reads = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
      boolean metrics = exchange.getRequestURI().getPath().equals("/metrics");
      int status = !metrics ? 404 : reads ? 200 : 405;
      byte[] body =
          (status == 200 ? text : "The metrics are at /metrics.\n")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", MetricsText.TYPE);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
      if (!head && body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /// Where it serves, if it does.
  Optional<String> address() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return server.map(it -> "http://" + shown + ":" + it.getAddress().getPort() + "/metrics");
  }

  @Override
  public void close() {
    server.ifPresent(it -> it.stop(0));
  }
}

package dev.stint.cli;

/// What Prometheus reads: written by the thread that looks, read by the server's.
final class MetricsPage {
  private volatile String text = "";

  String text() {
    return text;
  }

  void replace(String by) {
    text = by;
  }
}

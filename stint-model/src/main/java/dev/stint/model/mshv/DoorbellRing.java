package dev.stint.model.mshv;

import java.util.ArrayDeque;
import java.util.Deque;

/// The event ring of the doorbell SINT: ports on which children rang (facts: hyperv.md §2.5). It
/// has room for 63 events.
public final class DoorbellRing {
  /// Its room.
  public static final int CAPACITY = 63;

  private final Deque<Integer> ports = new ArrayDeque<>();
  private boolean full;

  /// An empty ring.
  public DoorbellRing() {}

  /// The hypervisor adds an event; false when the ring is full.
  public boolean add(int port) {
    if (ports.size() == CAPACITY) {
      full = true;
      return false;
    }
    return ports.add(port);
  }

  /// How many events it holds.
  public int size() {
    return ports.size();
  }

  /// Whether an event was refused since the last [#take] that emptied the ring.
  public boolean overran() {
    return full;
  }

  /// Takes the oldest event, -1 for none.
  public int take() {
    Integer port = ports.poll();
    if (port == null) {
      full = false;
      return -1;
    }
    return port;
  }
}

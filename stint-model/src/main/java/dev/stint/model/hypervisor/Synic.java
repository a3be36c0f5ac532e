package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.PortCall;
import dev.stint.model.hypervisor.hypercall.PortCall.PortInfo;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.TreeMap;

/// A partition's ports and connections, and the synthetic interrupt controllers of its VPs as far
/// as messages and events of other partitions go: a message slot and 2,048 event flags for each of
/// the 16 sources of each VP. All are enabled, and no source is masked.
///
/// ```
///   post ──▶ slot empty? ──yes──▶ slot, interrupt          end of message
///                 └──no──▶ one of the port's 16 buffers ───────────▶ slot, interrupt
///                              none free: refused
/// ```
final class Synic {
  private record Message(Port port, int type, int payloadBytes) {
    @Override
    public String toString() {
      return type + "+" + payloadBytes + " from port " + port.portId();
    }
  }

  /* Of one source of one VP. */
  private static final class Source {
    private final Queue<Message> waiting = new ArrayDeque<>();
    private final BitSet flags = new BitSet();

    /* What is in the slot is the first of these, and no buffer holds it any more. */
    private final Queue<Message> slot = new ArrayDeque<>(1);
  }

  final Map<Integer, Port> ports = new TreeMap<>();
  final Map<Integer, Port> connections = new TreeMap<>();
  private final Map<Integer, Source> sources = new TreeMap<>();

  /// A message through an open port; false, and nothing changes, if its slot is full and all
  /// buffers of the port are.
  boolean post(Port port, int type, int payloadBytes, long nowNs) {
    Source source = sourceOf(port.info());
    if (source.slot.isEmpty()) {
      source.slot.add(new Message(port, type, payloadBytes));
      interrupt(port, nowNs);
      return true;
    }
    if (port.queued == PortCall.MESSAGE_BUFFERS) {
      return false;
    }
    port.queued++;
    source.waiting.add(new Message(port, type, payloadBytes));
    return true;
  }

  /// Sets a flag of an open port. Only a flag that was clear interrupts.
  void signal(Port port, PortInfo.Events events, int flag, long nowNs) {
    BitSet flags = sourceOf(events).flags;
    int bit = events.baseFlag() + flag;
    if (!flags.get(bit)) {
      flags.set(bit);
      interrupt(port, nowNs);
    }
  }

  /// The guest has read its slot, emptied it and written EOM: the type of what was there. The next
  /// message, if any, takes its place.
  OptionalInt endOfMessage(Partition partition, int vpIndex, int sint, long nowNs) {
    Source source = source(vpIndex, sint);
    Message read = source.slot.poll();
    Message next = source.waiting.poll();
    if (next != null) {
      next.port().queued--;
      source.slot.add(next);
      partition.vp(vpIndex).interrupt(nowNs);
    }
    return read == null ? OptionalInt.empty() : OptionalInt.of(read.type());
  }

  /// The guest takes and clears the flags of a source.
  BitSet takeEvents(int vpIndex, int sint) {
    BitSet flags = source(vpIndex, sint).flags;
    BitSet taken = (BitSet) flags.clone();
    flags.clear();
    return taken;
  }

  /// The port is gone, and with it what waits in its buffers.
  void close(Port port) {
    port.deleted = true;
    port.queued = 0;
    sources.values().forEach(source -> source.waiting.removeIf(m -> m.port() == port));
  }

  /// The partition is over.
  void closeAll() {
    ports.values().forEach(port -> port.deleted = true);
    ports.clear();
    connections.clear();
    sources.clear();
  }

  private static void interrupt(Port port, long nowNs) {
    port.owner().vp(targetOf(port.info())).interrupt(nowNs);
  }

  private Source sourceOf(PortInfo info) {
    return source(targetOf(info), info.sint());
  }

  private Source source(int vpIndex, int sint) {
    return sources.computeIfAbsent(vpIndex * PortCall.SINTS + sint, _ -> new Source());
  }

  /* For any VP the hypervisor chooses; the first one is assumed. */
  private static int targetOf(PortInfo info) {
    return info.vpIndex() == PortCall.ANY_VP ? 0 : info.vpIndex();
  }

  /// Everything that hypercalls can change, a line each; empty if nothing was ever made.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    ports.values().forEach(port -> text.append("  ").append(port).append('\n'));
    connections.forEach((id, port) ->
        text.append("  connection ")
            .append(id)
            .append(" to ")
            .append(port.owner().partitionId())
            .append(" port ")
            .append(port.portId())
            .append('\n'));
    sources.forEach((index, source) -> {
      if (!source.slot.isEmpty() || !source.flags.isEmpty()) {
        text.append("  sint ").append(index).append(' ').append(source.slot);
        text.append(source.waiting).append(source.flags).append('\n');
      }
    });
    return text.toString();
  }
}

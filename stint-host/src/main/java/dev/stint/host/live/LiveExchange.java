package dev.stint.host.live;

import dev.stint.host.sys.BytePipe;
import dev.stint.host.sys.SystemCallFailed;
import java.util.ArrayList;
import java.util.List;

/// The two pipes of a ping-pong, and who has which end.
final class LiveExchange {
  private final List<BytePipe> pipes = new ArrayList<>();
  private int players;

  LiveExchange() throws SystemCallFailed {
    pipes.add(new BytePipe());
    pipes.add(new BytePipe());
    pipes.getFirst().put();
  }

  /// The number of the next player: the first has the token.
  int join() {
    return players++ % 2;
  }

  void take(int player) throws SystemCallFailed {
    pipes.get(player).take();
  }

  void pass(int player) throws SystemCallFailed {
    pipes.get(1 - player).put();
  }
}

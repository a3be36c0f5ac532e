package dev.stint.model.sim;

import java.nio.charset.StandardCharsets;

/// Named random streams: the stream of a name depends on the seed and the name alone, so a new
/// consumer never shifts another's draws.
public final class RandomStreams {
  private final long seed;

  RandomStreams(long seed) {
    this.seed = seed;
  }

  /// The stream called `name`, such as `arrivals/l1vh/web`, from its start.
  public RandomStream stream(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return new RandomStream(RandomStream.mix(seed ^ RandomStream.mix(hash)));
  }
}

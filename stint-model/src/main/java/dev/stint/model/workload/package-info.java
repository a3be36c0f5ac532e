/// What tasks do: busy, batch, periodic, on-off, requests, ping-pong, barrier, io, replay.
@org.jspecify.annotations.NullMarked
package dev.stint.model.workload;

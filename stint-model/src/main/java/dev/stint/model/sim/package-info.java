/// The event loop: timers in total order, deferred decisions, named random streams.
@org.jspecify.annotations.NullMarked
package dev.stint.model.sim;

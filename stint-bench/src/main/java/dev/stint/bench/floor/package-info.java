/// The floor: a two-level slice simulator with nothing in it that could be left out.
@org.jspecify.annotations.NullMarked
package dev.stint.bench.floor;

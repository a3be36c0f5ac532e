/// The event stream of a run and the directory of the entities it names: every figure is a fold
/// over it.
@org.jspecify.annotations.NullMarked
package dev.stint.model.trace;

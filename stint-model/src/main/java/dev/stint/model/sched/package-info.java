/// The contract between layers: processors that supply time, programs that use it.
@org.jspecify.annotations.NullMarked
package dev.stint.model.sched;

/// The shape of a machine and sets of its processors.
@org.jspecify.annotations.NullMarked
package dev.stint.model.machine;

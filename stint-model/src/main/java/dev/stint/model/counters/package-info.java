/// The counters that a hypervisor of Microsoft's shows to its parents, folded from the event
/// stream, and the text that Linux makes of them.
@org.jspecify.annotations.NullMarked
package dev.stint.model.counters;

/// Event files: the event stream of one run, from which everything else about it can be made again.
/// The format is described in docs/event-file.md.
@org.jspecify.annotations.NullMarked
package dev.stint.report.events;

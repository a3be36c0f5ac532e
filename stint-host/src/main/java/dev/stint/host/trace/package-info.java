/// Scheduler events of a real kernel, by an instance of tracefs.
@NullMarked
package dev.stint.host.trace;

import org.jspecify.annotations.NullMarked;

/// Recordings of real kernels: sched tracepoints as ftrace writes them, the system they were made
/// on, and the replay of the kernel's decisions in the model.
@NullMarked
package dev.stint.scenario.recording;

import org.jspecify.annotations.NullMarked;

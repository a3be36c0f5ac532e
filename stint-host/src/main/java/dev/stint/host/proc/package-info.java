/// What the kernel shows of CPUs, threads and pressure below `/proc`.
@NullMarked
package dev.stint.host.proc;

import org.jspecify.annotations.NullMarked;

/// Control groups of a real Linux, version 1 and 2 behind one set of verbs.
@NullMarked
package dev.stint.host.cgroup;

import org.jspecify.annotations.NullMarked;

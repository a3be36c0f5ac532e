/// What a machine has for scheduling and for measuring it: `doctor`. Nothing is written or loaded.
@NullMarked
package dev.stint.host.probe;

import org.jspecify.annotations.NullMarked;

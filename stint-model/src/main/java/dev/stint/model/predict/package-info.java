/// Closed forms and bounds, computed without simulation: entitled shares, quota bounds, worst-case
/// waits.
@NullMarked
package dev.stint.model.predict;

import org.jspecify.annotations.NullMarked;

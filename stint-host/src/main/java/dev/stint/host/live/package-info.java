/// Runs a scenario's load on this machine's kernel and sets it beside the model.
@NullMarked
package dev.stint.host.live;

import org.jspecify.annotations.NullMarked;

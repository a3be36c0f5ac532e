/// Figures of a kernel beside the model's: how each was folded, how far they are apart, and how far
/// they may be.
@NullMarked
package dev.stint.host.figures;

import org.jspecify.annotations.NullMarked;

/// What real kernels did (the `golden` directory), and the same loads run freely on the model.
@NullMarked
package dev.stint.checks.golden;

import org.jspecify.annotations.NullMarked;

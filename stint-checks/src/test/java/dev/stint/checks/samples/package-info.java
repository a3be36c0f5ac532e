/// What the checks must catch: every class here breaks a rule on purpose.
@NullMarked
package dev.stint.checks.samples;

import org.jspecify.annotations.NullMarked;

/// The page that sets the model beside real kernels, figure by figure.
@NullMarked
package dev.stint.checks.fidelity;

import org.jspecify.annotations.NullMarked;

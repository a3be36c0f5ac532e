/// The page that sets the model beside real kernels, figure by figure.
@NullMarked
package dev.stint.testkit.fidelity;

import org.jspecify.annotations.NullMarked;

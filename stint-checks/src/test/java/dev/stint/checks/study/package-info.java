/// The study of the integrated scheduler: every scenario of `scenarios/study`, run and tabulated.
@org.jspecify.annotations.NullMarked
package dev.stint.checks.study;

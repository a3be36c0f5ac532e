/// Why an entity waited: the chain of causes of single waits, in sentences.
@org.jspecify.annotations.NullMarked
package dev.stint.report.explain;

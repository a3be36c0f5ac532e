/// Folds over the event stream: the ledger of run, wait and blocked time, the theft matrix,
/// distributions.
@org.jspecify.annotations.NullMarked
package dev.stint.model.stats;

package dev.stint.model.stats;

/// One cell of the theft matrix: while `victim` waited for `reason`, `occupant` held the processor
/// (or, where nobody ran, is the rule that forbade it: `quota:PATH`, `cap:PATH`, `idle`). A
/// victim's cells for a reason sum to its wait for that reason.
public record Theft(String victim, WaitReason reason, String occupant, long ns) {}

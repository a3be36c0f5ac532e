package dev.stint.model.linux;

import java.util.Map;

/// What a recording does not say and a replay must be told.
///
/// @param tickPhaseNs ticks fall on multiples of the tick period plus this, on the recording's
///   clock
/// @param sleepLeadNs how long before its line the kernel read its clock at a switch whose previous
///   task goes to sleep, compared with other switches: it takes that task off its queues in between
/// @param lagsNs the lag that tasks bring along from before the recording, by process id; others
///   none
public record Unrecorded(long tickPhaseNs, long sleepLeadNs, Map<Integer, Long> lagsNs) {}

/// The hypercall interface: requests with their code numbers, results, statuses, privileges,
/// property and register names. What the calls do is in [dev.stint.model.hypervisor].
@org.jspecify.annotations.NullMarked
package dev.stint.model.hypervisor.hypercall;

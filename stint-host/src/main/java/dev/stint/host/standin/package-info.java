/// A stand-in for a hypervisor on a live Linux: VPs are threads, and an agent gives them the CPUs
/// in the core scheduler's rotation, or leaves them to this kernel as the integrated scheduler
/// does.
@org.jspecify.annotations.NullMarked
package dev.stint.host.standin;

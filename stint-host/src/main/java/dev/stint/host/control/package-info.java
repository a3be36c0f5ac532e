/// The knobs of a real host: a policy's settings written in a safe order, each journalled with the
/// old value before it is written, and taken back exactly.
@NullMarked
package dev.stint.host.control;

import org.jspecify.annotations.NullMarked;

/// What a host allows, and its files as they are read: bounded, and without trust.
@NullMarked
package dev.stint.host;

import org.jspecify.annotations.NullMarked;

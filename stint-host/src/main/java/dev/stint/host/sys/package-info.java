/// System calls of Linux that Java has no words for, each with its error by name.
@NullMarked
package dev.stint.host.sys;

import org.jspecify.annotations.NullMarked;

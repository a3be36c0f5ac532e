/// Scenarios as values, and the assemblies that join the layers: classic, core, root, integrated.
@org.jspecify.annotations.NullMarked
package dev.stint.model.stack;

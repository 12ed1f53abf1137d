"""Lines of runs -> estimates, comparisons, tables, and whether a gate is passed."""

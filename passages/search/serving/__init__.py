"""The snapshot that serves -> an index: opened once, or followed."""

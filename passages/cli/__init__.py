"""The `passages` command: one module a command, found through the table in `main`."""

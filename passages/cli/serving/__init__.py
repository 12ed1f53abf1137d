"""The commands that serve an index to others."""

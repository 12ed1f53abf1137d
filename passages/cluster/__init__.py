"""Shards on several machines, by Ray: its one importer."""

"""Where an index is kept: the lock of its folder, object storage, and a copy of that here."""

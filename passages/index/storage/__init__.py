"""An index in object storage, and the copy of it on this machine."""

"""What lies on disk: folder and pointer, manifest, snapshot, postings, vectors."""

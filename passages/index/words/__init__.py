"""Words of a snapshot: where they stand, and what a whole collection knows of them."""

"""What answers a query with candidates: the seam between one machine and many."""

"""What an operator sets and watches: settings, limits, health and metrics."""

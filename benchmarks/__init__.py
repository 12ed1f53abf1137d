"""Speed and scale, measured by hand: each module is a command."""

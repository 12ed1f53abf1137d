"""What readers asked in vain, for the editors; kept only where an operator says so."""

"""What the commands about evaluation share: options, comparisons, imports, judging."""

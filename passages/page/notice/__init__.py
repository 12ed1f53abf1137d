"""The notice above the results of a question that reads like an emergency."""

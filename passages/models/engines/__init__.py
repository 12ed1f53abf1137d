"""The libraries that run a model, each behind one class."""

"""Questions to start from, made without a language model and labelled as what they are."""

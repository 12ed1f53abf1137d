"""What is said of an answer: what a passage lacks, how sure it is, and in which words."""

"""Public test collections (BEIR, MTEB, TREC) -> a folder of articles and judged questions."""

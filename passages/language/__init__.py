"""What depends on the language of a text: words, stems, stop words, synonyms."""

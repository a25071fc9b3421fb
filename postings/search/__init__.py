"""Finding posts by words as Japanese staff search: words and notations, synonyms, readings, facets, suggestions."""

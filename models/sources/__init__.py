"""A city's own files, other than incidents, as columns by box and date; and the words that speak of persons."""

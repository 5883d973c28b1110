"""Kinds of fault that people met in the field: each with its case and the right outcome."""

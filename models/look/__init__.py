"""A look at an unknown export: what its columns seem to be, a drafted mapping, and what an analyst should know."""

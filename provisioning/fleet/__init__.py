"""A fleet at headquarters: its folder and settings, its tokens, and its certificates."""

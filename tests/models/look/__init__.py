"""The look at an unknown export."""

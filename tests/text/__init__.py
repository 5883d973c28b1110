"""What people read and write: the catalogue of words."""

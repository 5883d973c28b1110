"""What people write and read: TOML files, settings, every mistake told at once, the catalogue of words."""

"""Software updates on a unit: installed beside the old release, tried, and taken back where they fail."""

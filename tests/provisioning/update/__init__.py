"""Software updates on a unit."""

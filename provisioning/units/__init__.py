"""The units of a fleet, as an admin lists them in a CSV."""

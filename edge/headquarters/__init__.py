"""Headquarters' end of the wire: receives, proves, reports. Must not import the vehicle."""

"""Provisioning: the broker's shipped access list, on a real broker."""

"""The car: GPS in, meter, ledger, touchscreen, link. Only daemon.py wires the parts together."""

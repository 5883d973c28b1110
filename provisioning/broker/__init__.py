"""The broker's files, rendered and renewed; and the end of a revoked client's session.

`mosquitto.conf` and `access.acl` are data, as they are shipped.
"""

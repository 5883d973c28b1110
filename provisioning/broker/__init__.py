"""The broker's settings and access list, as data: `mosquitto.conf` and `access.acl`. Nothing here runs."""

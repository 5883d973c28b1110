"""MQTT as both ends use it: settings, client, paho's patch, faults in words. Knows no topic and no message."""

"""The touchscreen: its API, its server, and the screen itself in a browser."""

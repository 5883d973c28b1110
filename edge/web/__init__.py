"""Serving pages: what the vehicle's screen and headquarters' pages have in common. It knows of neither."""

"""What comes to headquarters from other systems, unasked. Must not show a page."""

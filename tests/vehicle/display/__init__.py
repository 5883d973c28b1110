"""The display: the sun, the rule, the backlight."""

"""What headquarters says of a shift. Pure: records in, values out; no database, no clock, no page."""

"""The rules of patrol: values in, values out. No clock, no I/O, no threads, no numpy."""

"""What the pages ask and tell: the snapshot and its stream, the map, taps, health."""

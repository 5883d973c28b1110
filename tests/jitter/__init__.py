"""The published simulation of a receiver's jitter at a box's edge; README.md says what it is."""

"""The GPS sources, the gate, and the logs of real receivers."""

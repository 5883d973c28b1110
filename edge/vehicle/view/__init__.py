"""What the car shows: the published state and the snapshot made of it. Must not change the state."""

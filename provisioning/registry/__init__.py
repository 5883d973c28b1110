"""What is known of a fleet: its units, their one-time tokens, their certificates, and an audit that only grows."""

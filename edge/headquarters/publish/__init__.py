"""What headquarters sends: plans, contexts, and what the broker retains. Must not receive."""

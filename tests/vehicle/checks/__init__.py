"""What `roundsman doctor` finds, one check a file."""

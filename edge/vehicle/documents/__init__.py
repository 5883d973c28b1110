"""What is in force in this car: the bundle, and documents that come without a link."""

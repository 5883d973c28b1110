"""What a release of Roundsman is: its signed manifest and its files, as whoever makes one and a car see it."""

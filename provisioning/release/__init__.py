"""Makes a release: the wheel, the wheels it needs for each platform, what is in them, and a signed manifest of all."""

"""Making releases, and what a release is."""

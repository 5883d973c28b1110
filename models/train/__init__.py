"""From a world to a model a crime type (sampling, mixture, trees, calibration), and what held-out weeks say of it."""

"""From counts to a model a crime type: sampling, mixture weights, trees, calibration."""

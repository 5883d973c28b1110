"""Headquarters' side of releases and bundles: which a unit may have, and their files."""

"""From incidents to signed models. Not built yet: see this folder's README."""

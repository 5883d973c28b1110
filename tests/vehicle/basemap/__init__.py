"""The car's basemap."""

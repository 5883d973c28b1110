"""The offline basemap of the car: whether its file may be shown. Must not be needed for any decision."""

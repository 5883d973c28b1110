"""Incidents become counts by box, crime type, shift and day: all that training and the car know of them."""

"""How bright the screen is and in which colors: decided by the car, never by the browser. Must not know the page."""

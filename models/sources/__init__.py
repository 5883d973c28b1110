"""Where features other than incident counts come from: files of a city to columns per box and per date."""

"""GPS sources behind one port: serial NMEA, gpsd, replay. Bad input ends here, counted by reason."""

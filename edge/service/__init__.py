"""What both daemons share: threads watched, signs of life, systemd, the web server. Knows neither of them."""

"""What an analyst does from day to day with models that are made: today's context, and a forecast to look at."""

"""The generated city and its drives; runs the real thing on one machine. Nothing else imports it."""

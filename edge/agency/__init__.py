"""Makes an agency directory. Headquarters' install only: no vehicle imports it."""

"""The unit's end of enrolment: its key, its certificate, the first and every later one."""

"""Tests of the weekly timetable's linear program."""

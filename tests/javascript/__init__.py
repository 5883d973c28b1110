"""The linter of the touchscreen's JavaScript, and the test that it finds faults."""

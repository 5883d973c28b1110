"""Power cuts: the real stores on a file system that forgets what was not synced, and what is there afterwards."""

"""The officer's screen: a small web server on the vehicle. It reads snapshots and posts taps; it never decides."""

"""Roundsman: directed patrols in the patrol car, and the record that proves them."""

import os

# onnxruntime from 1.29 looks up a host of its maker unless this stands before its import: a car talks to
# nobody but its agency.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

"""The honest evaluation: rolling-origin forecasts beside simple rivals, their figures, intervals and the page."""

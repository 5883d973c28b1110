"""Speed, as figures and ratios taken side by side in one run. No test asserts any of them."""

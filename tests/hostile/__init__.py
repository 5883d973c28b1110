"""Input that means harm, or is broken beyond sense: fuzzers and attacks at every door."""

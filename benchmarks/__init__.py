"""`python -m benchmarks`: the speed claims, each measured against a named peer in the same run."""

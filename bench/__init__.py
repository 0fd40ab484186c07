"""Benchmarks: ratios within one run, against the floor and against two peers."""

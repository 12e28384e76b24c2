"""Data sets: points to learn from, made from a seed or brought by the learner."""

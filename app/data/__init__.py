"""Data sets: samples to learn from, generated from a seed or given by the learner.

Read in this order: `classes` (classification) and `functions` (regression), which generate samples;
`datasets`, the registry of the built-in sets; `features`, the inputs derived from the raw ones;
then `formula` and `table`, the parsers of a typed formula and of a pasted table.
"""

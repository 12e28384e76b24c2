"""Data sets: points to learn from, made from a seed or brought by the learner.

`datasets` registers the built-in sets, which `classes` (classification) and `functions`
(regression) draw; `features` derives inputs from the raw ones; `formula` and `table` read what a
learner types or pastes.
"""

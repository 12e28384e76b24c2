"""What a choice comes to before an experiment is made of it.

- `recipe`: histograms of the parameters that a recipe draws, beside their theory.
- `formula`: what a formula is, and points of it.
- `schedule`: the course of a schedule.
- `table`: what a table holds, and the data that it makes; `table_column` is one column of it.
"""

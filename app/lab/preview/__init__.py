"""Previews of a choice, before there is an experiment.

- `recipe`: histograms of the parameters that a recipe draws, beside their theory.
- `formula`: the task of a formula, and points of it.
- `schedule`: the factors of a schedule over the steps.
- `table`: the columns and problems of a table, and the data made of it; `table_column`: one column.
"""

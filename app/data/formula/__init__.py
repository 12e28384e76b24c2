"""A formula typed by a learner, as a function of the inputs.

- `tokens`: the text cut into numbers, names and signs.
- `grammar`: tokens parsed by recursive descent into a program for a stack of arrays.
- `formula`: that program, its functions and constants, and the errors of a formula.
"""

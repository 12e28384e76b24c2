"""A formula typed by a learner, as a function of the inputs.

- `formula`: a compiled formula, its functions and constants, and the errors of a formula.
- `characters`: characters as they are printed or pasted, in plain spelling.
- `tokens`: the text cut into numbers, names and signs.
- `names`: what these names mean, and advice on those that mean nothing.
- `definition`: the `y =` or `f(x1, x2) =` that a formula may begin with.
- `cursor`: a place among the tokens, with the brackets that are open there.
- `commas`: whether a comma is decimal.
- `unwritten`: the signs and brackets that people leave out, and where that is ambiguous.
- `grammar`: tokens parsed by recursive descent into a program for a stack of arrays.
"""

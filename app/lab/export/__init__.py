"""An experiment as code that trains it again, without Basin.

- `story`: what a script tells: every run from its first parameters on, with all that was changed.
- `sections`: a script as sections of words and code; the numbers that it reads.
- `numpy_parts`, `torch_parts`: each choice of the registries as lines of code.
- `numpy_script`, `torch_script`, `notebook`: the three forms.
"""

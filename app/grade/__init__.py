"""Hand-ins of a class: read, trained again, judged, and put together.

- `hand_in`: what a file holds, or why it is none.
- `replay`: what it claims to have measured, measured again.
- `linked`: whether its link leads to the experiment in it.
- `judge`: whether a prediction came true.
- `lines`: one line for each prediction, guess and experiment.
- `report`: the lines as CSV, and a page with the predictions of the class.
- `command`: `python -m app grade`.
"""

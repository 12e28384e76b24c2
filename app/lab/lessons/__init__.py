"""Lessons: a few cards each, with a question, a prediction, and what is measured.

- `positions`: where in a JSON text every value stands.
- `schema`: what a lesson file may say.
- `link`: the spec that a link of the page stands for.
- `measure`: what is measured of a card's set-up, and which answer is right by it.
- `check`: a lesson file read whole, its errors by line.
- `built_in`: the lessons that are built in, the files beside it.
"""

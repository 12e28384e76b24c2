"""The loss landscape of an experiment, as the page draws it.

- `plane`: the words that name a plane, and the plane that they mean.
- `scene`: what is drawn: a state, the paths up to it, and the plane.
- `axes`: how far an axis reaches.
- `surface`: J on a grid of a plane, with the path of every run.
- `slice`: J along one parameter, with the next step.
- `curvature`: the Hessian at a run.
"""

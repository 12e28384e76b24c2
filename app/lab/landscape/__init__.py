"""The loss landscape of an experiment, as the page draws it.

- `plane`: a request for a plane, and the plane that it means.
- `scene`: what is drawn: a state, the paths up to it, and the plane.
- `axes`: how far an axis reaches.
- `surface`: J on a grid of a plane, with the path of every run.
- `slice`: J along one parameter, with the next step.
- `update_bound`: the bound on the learning rate of a run's update.
- `curvature`: the Hessian at a run, and that bound.
- `sharpness`: the largest curvature of every run over time, beside that bound.
"""

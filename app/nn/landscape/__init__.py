"""The loss landscape: J on planes in parameter space, and its curvature.

- `planes`: two directions through parameter space, and coordinates on them.
- `plane_stack`: networks on a plane as one stack, whose first layers share their work.
- `surface`: J on a grid of a plane, and at given points of it.
- `hessian`: second derivatives of J on a plane, and the largest and smallest eigenvalues of all.
"""

"""The loss landscape: J on planes in parameter space, and its curvature.

- `planes`: two directions through parameter space, and coordinates on them.
- `plane_stack`: networks on a plane as one stack, whose first layers share their work.
- `surface`: J on a grid of a plane, and at given points of it.
- `second_derivatives`, `hessian`: products with the Hessian of J, and the Hessian on a plane.
- `spectrum`: the largest and the smallest eigenvalue of a matrix that is known by its products.
- `descended`: the Hessian that a run's updates meet, penalty included.
"""

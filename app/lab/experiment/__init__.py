"""An experiment: what it is at a step, and how it moves from one step to the next.

- `setup`: what stays the same: the samples, the initial parameters, the batch of every step.
- `state`: parameters and optimizer state at a step, events, and what happened between two steps.
- `events`: what a learner changes on the way, in JSON and as data.
- `checkpoints`: the steps whose parameters are stored.
- `training`: the loop of gradient, update and loss.
"""

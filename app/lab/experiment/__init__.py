"""An experiment: what it is at a step, and how it moves from one step to the next.

- `setup`: what stays the same: the samples, the initial parameters, the batch of every step.
- `state`: parameters and optimizers' state of all runs at a step, and the events that change them.
- `segment`: consecutive steps: their losses, and the parameters of some; cut and joined.
- `events`: events as JSON and as data.
- `checkpoints`: checkpoint policy: the steps whose parameters are stored.
- `training`: the loop of gradient, update and loss.
"""

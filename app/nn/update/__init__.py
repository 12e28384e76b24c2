"""The update rule: from the gradient of a step to the next parameters.

- `optimizers`: every optimizer, a function of gradient and state.
- `schedules`: the factor on the learning rate, a function of the step.
- `clipping`: a bound on the length of the gradient.
- `regularizers`: the penalty on large weights and its gradient.
- `updates`: the four together, for a stack of networks.
- `stability`: up to which learning rate each optimizer comes to rest.
- `symmetry`: identical neurons, which share one gradient and so stay identical to the last bit.
"""

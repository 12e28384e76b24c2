"""Analysis of one state of an experiment, or of its trajectory.

Each module begins with the types of its answers, which are those of the API.

- `losses`: the present losses, and their history.
- `metrics`: the status of every run, accuracy, confusion matrix and R².
- `summary`: the spec of an experiment, its position, and how its runs are doing.
- `outputs`: the samples, a network's outputs over the input plane, and its gradient.
- `network_state`: the parameters of a network, on request with gradient and outputs.
- `layer_statistics`: activations and gradients by layer, against theory, and a diagnosis.
- `chain_rule`, `worked_step`: one training step of one parameter, with every number on the way.
- `training_block`: a block of training as its frames, and what the open views show.
- `snapshot`: everything that the page shows of one step.
"""

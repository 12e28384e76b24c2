"""What can be read off one state of an experiment, or off its trajectory.

- `summary`: which experiment, where it is, and how its runs are doing.
- `outputs`: the samples, a network's outputs over the input plane, and its gradient.
- `metrics`: the status of every run, accuracy, confusion matrix and R².
- `layer_statistics`: activations and gradients by layer, against theory, and a diagnosis.
- `worked_step`: one training step of one parameter, with every number on the way.
- `snapshot`: one step whole, as a view of the past shows it.
"""

"""Experiments: what is compared, how it is trained, stored, measured and drawn.

Read the packages in this order; each uses only those above it:

- `json_arrays`: numbers in JSON, which has no NaN.
- `spec`: what is compared: data, architecture and runs, checked once and then trusted.
- `catalog`: every choice there is, read off the registries.
- `experiment`: what an experiment is at a step, and how it moves to the next.
- `history`: where it has been, and the repository that stores it.
- `preview`: what a choice comes to before an experiment is made of it.
- `landscape`: the loss over a plane or a line through its parameters.
- `analysis`: what can be read off one of its states.
- `study`: what can be concluded from an experiment repeated with many seeds.
- `recent`: caches of what was used last.
- `compute_queue`: who computes now, one thread at a time.
- `service`: one function for each call of the API.
"""

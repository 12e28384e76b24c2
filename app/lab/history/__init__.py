"""The history of an experiment: the losses of every step, and checkpoints to return to.

- `binary`: arrays as bytes, the stored format.
- `chunks`: segments as the chunks of the store.
- `thinning`: a bounded number of steps that show a long history.
- `trajectory`: the runs' way through parameter space.
- `cache`: LRU cache of experiment histories.
- `repository`: experiments loaded from the store and saved to it, and any earlier state.
"""

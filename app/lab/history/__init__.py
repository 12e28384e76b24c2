"""Where an experiment has been: every loss, and parameters to return to.

- `binary`: arrays as bytes, the stored format.
- `segments`: losses and checkpoints of consecutive steps, cut, joined and stored in chunks.
- `cache`: what has been read of the histories of the experiments used last.
- `trajectory`: the paths of the runs through parameter space.
- `repository`: experiments opened from the store and saved to it, and any earlier state.
"""

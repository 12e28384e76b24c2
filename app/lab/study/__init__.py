"""What can be concluded from an experiment that is repeated with many seeds.

Read in this order: `recorded_steps` (when a loss is written down), `statistics` (one recipe over
its seeds), `pairs` (two recipes on the same seeds), `target` (the loss to reach when nobody names
one) and `verdict` (what the numbers support). All are functions over plain arrays.
"""

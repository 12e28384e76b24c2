"""What can be concluded from an experiment that is repeated with many seeds.

First the statistics, functions over plain arrays:

- `recorded_steps`: when a loss is written down.
- `statistics`, `pairs`: one recipe over its seeds, and two recipes on the same seeds.
- `target`, `verdict`: the loss to reach when nobody names one, and what the numbers support.
- `targets`: any other target, read without training again.

Then what is trained, from the request to the numbers of one block of seeds:

- `grid`, `plan`, `request`: the settings that are varied; which experiment each run is; a request.
- `blocks`, `block`: how a study is divided, and the training of one block.

Then how it is done and kept:

- `repository`, `line`: studies in the store, and the line of those that wait or run.
- `executor`, `pool_worker`, `file_lock`, `runner`: who trains blocks, and who hands them out.

Last the answers:

- `answers`, `cell_result`, `results`, `runs_csv`: what is known so far, as JSON and as CSV.
- `service`: one function for each call of the API.
"""

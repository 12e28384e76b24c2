"""Small neural networks, many at a time, in numpy alone.

Read in this order: `stack` (the one idea: all networks as one array), `activations`, `losses` with
their `baselines`, then `init` (how parameters begin) and `update` (how they move), which `training`
joins in one loop and `divergence` ends. Measurements of a network: `gradient_check`, `trace` and
`worked_update` (one step written out, in the notation of `worked_line`), `signals`, `similarity`,
`diagnostics`, `metrics`; and `landscape`, the loss over planes of parameters.
"""

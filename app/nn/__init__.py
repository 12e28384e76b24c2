"""Small neural networks, many at a time, in numpy alone.

Read in this order: `stack` (the one idea: all networks as one array), `activations`, `losses` with
their `baselines`, then `init` (how parameters begin) and `update` (how they move). What is measured
of a network: `gradient_check`, `trace` and `worked_update` (one step written out), `signals`,
`similarity`, `diagnostics`, `metrics`; and `landscape`, the loss over planes of parameters.
"""

"""Small neural networks, many at a time, in numpy alone.

Read in this order: `stack` (the one idea), `activations`, `losses`, `initializers`, `optimizers`,
then what is built of them: `gradient_check`, `landscape`, `diagnostics`.
"""

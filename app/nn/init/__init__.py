"""Initialisation: how weights and biases begin, and what theory expects of the signals then.

- `rules`: every rule that draws the weights or the biases of a layer, by name.
- `initializers`: a recipe of such rules, drawn for a whole network.
- `variance_theory`: the variance of activations and gradients, layer by layer, that a recipe
  predicts.
"""

"""The spec of an experiment: the data, the architecture and the runs, checked once, then trusted.

First the allowed values, then the reading of a document:

- `ranges`: the range of every number, and the most work of one request.
- `field_errors`: errors with JSON pointers, also those that pydantic finds.
- `validation`: pydantic types for ranges and registries.
- `schema`: the models of a spec, built from the registries.
- `recipes`, `presets`: recipes and whole experiments to begin with.
- `dataset`: the data of a spec, and the samples generated from them.
- `limits`: lower maxima that an operator sets for a server.
- `arrays`: samples and parameters as JSON arrays, and parameters by name.
- `parse_data`, `parse_recipe`, `check_loss`, `parse`: a document, read into a `Spec` and samples.
"""

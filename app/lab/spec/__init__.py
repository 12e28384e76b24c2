"""The spec of an experiment: what is compared, checked once and then trusted.

Below, first what is allowed, then how a document is read:

- `ranges`: the range of every number, and the work that one request may cost.
- `limits`: lower maxima that an operator sets for a server.
- `field_errors`: errors with JSON pointers, and pydantic's findings as such.
- `validation`: pydantic types for ranges and registries.
- `schema`: the models of a spec, built from the registries.
- `dataset`: the data of a spec, and the samples that they make.
- `arrays`: samples and parameters as JSON arrays, and parameters by name.
- `parse_data`, `parse`: a document read into a `Spec`, what is left out filled in.
- `recipes`, `presets`: recipes and whole experiments to begin with.
"""

"""What an experiment is, and how it moves through time.

`spec` says what is compared, `world` builds it, `experiment` moves it, `history` and `archive` keep
where it has been, `readings` looks at it, and `laboratory` is the one door: a function for each
API call.
"""

"""The checks of Basin; `python -m tests` runs them all."""

"""Statistics of studies, against scipy, against plain Python and by their invariants."""

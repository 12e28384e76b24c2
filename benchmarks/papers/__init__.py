"""Published results measured again with Basin's own code: `python -m benchmarks papers`.

One module for each paper. A row tells the set-up, the published value with its uncertainty, what is
measured, and whether that lies within; its link opens the set-up on the page.
"""

from benchmarks.papers import (
    cohen_2021,
    entezari_2022,
    garipov_2018,
    glorot_2010,
    goodfellow_2015,
    he_2015,
    lu_2020,
    mishkin_2016,
    saxe_2014,
)
from benchmarks.papers.row import table

PAPERS = (
    glorot_2010,
    saxe_2014,
    goodfellow_2015,
    he_2015,
    mishkin_2016,
    garipov_2018,
    lu_2020,
    cohen_2021,
    entezari_2022,
)
ADDRESS = "http://127.0.0.1:8000/"
"""Where `python -m app` serves the page."""


def report() -> str:
    """The table of all papers, in Markdown."""
    return table([row for paper in PAPERS for row in paper.rows()], ADDRESS)

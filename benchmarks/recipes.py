"""What the article's recipes do over many seeds: `python -m benchmarks recipes`.

The article says of no recipe that it fails, only that it is less efficient. Here each begins the
same network 1,000 times on each of three data sets, by the same study that the page makes.
"""

from collections.abc import Sequence
from statistics import quantiles
from typing import Any

from benchmarks.serving import Client, served
from benchmarks.study_calls import study

SEEDS = 1000
DATA = ("circle", "xor", "moons")
HEAD = (
    "recipe",
    "reached J ≤ {target}",
    "after steps (median)",
    "as many steps as {best}",
    "J at the end (median, 5–95 %)",
)


def report() -> str:
    """A table for each data set, in Markdown."""
    with served() as client:
        named = client.ask("GET", "/api/catalog?lang=en")
        entries = {entry["name"]: entry for entry in named["recipes"]}
        recipes = [entries[name] for name in names(named)]
        return "\n\n".join(table(client, data, recipes) for data in DATA)


def names(catalog: Any) -> list[str]:
    """The recipes that are compared: the article's, and Glorot's."""
    article = [entry["name"] for entry in catalog["recipes"] if entry["of_article"]]
    return ["glorot", *article]


def table(client: Client, data: str, recipes: Sequence[Any]) -> str:
    """The recipes on one data set."""
    runs = [{"label": entry["label"], "recipe": entry["recipe"]} for entry in recipes]
    spec = {"data": {"name": data}, "runs": runs}
    answer, _ = study(client, {"spec": spec, "seeds": {"count": SEEDS}}, often=0.5)
    cell = client.ask("GET", f"/api/studies/{answer['id']}?cell=0")["cells"][0]
    best = cell["verdict"]["best"]
    head = [
        words.format(target=f"{answer['target']:g}", best=recipes[best]["label"]) for words in HEAD
    ]
    lines = [head, ["---"] * len(head)]
    lines += [row(cell, number, best) for number in range(len(recipes))]
    title = f"**{data}**: {SEEDS:,} seeds, {answer['steps']} steps"
    return "\n".join([title, "", *("| " + " | ".join(line) + " |" for line in lines)])


def row(cell: Any, number: int, best: int) -> list[str]:
    """One recipe."""
    recipe, share = cell["recipes"][number], cell["verdict"]["recipes"][number]
    steps = recipe["steps_to_target"]
    low, high = 100 * share["low"], 100 * share["high"]
    return [
        recipe["label"],
        f"{100 * share['share']:.1f} % ({low:.1f}–{high:.1f})",
        "never" if steps["median"] is None else f"{steps['median']:g} {span(steps)}",
        factor(cell, number, best),
        final(recipe["final"]["train"]),
    ]


def span(steps: Any) -> str:
    """The interval of a median number of steps."""
    return f"({steps['low']}–{'never' if steps['high'] is None else steps['high']})"


def factor(cell: Any, number: int, best: int) -> str:
    """How many times as many steps as the best recipe, on the same seeds."""
    if number == best:
        return "1"
    found = next(each for each in cell["verdict"]["against"] if each["pair"]["b"] == number)
    pair = found["pair"]
    sooner = f"sooner on {pair['b_sooner']} of {pair['a_sooner'] + pair['b_sooner']} seeds"
    if pair["factor"]["median"] is None:
        return "never arrives" if not pair["b_sooner"] else sooner
    low, high = pair["factor"]["low"], pair["factor"]["high"]
    interval = "" if low is None else f" ({low:.2g}–{high:.2g})"
    return f"{pair['factor']['median']:.2g}{interval}; {sooner}"


def final(losses: Sequence[float | None]) -> str:
    """The median of the final losses, and where nine tenths of them lie."""
    known = [float("inf") if loss is None else loss for loss in losses]
    cuts = quantiles(known, n=20, method="inclusive")
    return f"{cuts[9]:.3g} ({cuts[0]:.3g}–{cuts[18]:.3g})"

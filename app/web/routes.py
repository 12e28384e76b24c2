"""The pattern of the route that is asked for, by which figures and logs name requests."""

from flask import request


def route_of() -> str:
    """The pattern of the route, in which ids are only named; `none` where there is no such call."""
    return "none" if request.url_rule is None else request.url_rule.rule

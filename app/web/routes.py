"""The pattern of the route that is asked for, by which figures and logs name requests."""

from flask import request

METHODS = frozenset(
    {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)


def route_of() -> str:
    """The pattern of the route, in which ids are only named; `none` where there is no such call."""
    return "none" if request.url_rule is None else request.url_rule.rule


def method_of() -> str:
    """The method of the request, of those that there are; the word of a visitor stays out."""
    return request.method if request.method in METHODS else "other"

"""The OpenAPI document is valid, complete and kept to; its page asks no other host."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

import app
from app.config import Settings
from tests.lab.client import Client, Experiment, serving
from tests.lab.conformance import is_a_problem

CALLS = {
    ("get", "/api/catalog"),
    ("post", "/api/experiments"),
    ("get", "/api/experiments/{id}"),
    ("patch", "/api/experiments/{id}"),
    ("delete", "/api/experiments/{id}"),
    ("post", "/api/experiments/{id}/steps"),
    ("post", "/api/experiments/{id}/rewind"),
    ("post", "/api/experiments/{id}/branch"),
    ("post", "/api/experiments/{id}/view"),
    ("get", "/api/experiments/{id}/loss"),
    ("get", "/api/experiments/{id}/parameters"),
    ("patch", "/api/experiments/{id}/parameters"),
    ("get", "/api/experiments/{id}/gradients"),
    ("get", "/api/experiments/{id}/surface"),
    ("get", "/api/experiments/{id}/relief"),
    ("get", "/api/experiments/{id}/slice"),
    ("get", "/api/experiments/{id}/curvature"),
    ("get", "/api/experiments/{id}/outputs"),
    ("get", "/api/experiments/{id}/data"),
    ("get", "/api/experiments/{id}/metrics"),
    ("get", "/api/experiments/{id}/trace"),
    ("get", "/api/experiments/{id}/diagnostics"),
    ("get", "/api/experiments/{id}/diagnostics/history"),
    ("get", "/api/experiments/{id}/frame"),
    ("post", "/api/studies"),
    ("get", "/api/studies/{id}"),
    ("delete", "/api/studies/{id}"),
    ("post", "/api/studies/{id}/cancel"),
    ("get", "/api/studies/{id}/runs.csv"),
    ("get", "/api/studies/{id}/experiment"),
}
WITHOUT_INPUT = {  # but an id, which may be any text
    ("get", "/api/experiments/{id}"),
    ("get", "/api/experiments/{id}/data"),
    ("delete", "/api/experiments/{id}"),
    ("delete", "/api/studies/{id}"),
    ("post", "/api/studies/{id}/cancel"),
    ("post", "/api/experiments/{id}/view"),
}
VERSIONED = {"/api/experiments/{id}", "/api/experiments/{id}/steps",
             "/api/experiments/{id}/rewind", "/api/experiments/{id}/branch",
             "/api/experiments/{id}/parameters"}  # fmt: skip


SEMANTIC = ("422", "429")
"""What the schema allows and the server may refuse: it cannot say what involves two fields, how
much work a request is, or how many studies wait."""


@pytest.fixture(scope="module")
def document(basin: Client) -> Any:
    return basin.get("/openapi/openapi.json")


@pytest.fixture(scope="module")
def experiment(basin: Client) -> Experiment:
    """What the generated calls do something to."""
    made = basin.create(data={"samples": 20})
    made.train(3)
    return made


@pytest.fixture(scope="module")
def study(basin: Client) -> str:
    """The id of the study that generated calls read."""
    body = {"spec": {}, "seeds": {"count": 2}, "steps": 3}
    id: str = basin.post("/api/studies", body, 202)["id"]
    return id


@pytest.fixture(scope="module")
def described(basin: Client) -> Any:
    accepted = {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", *SEMANTIC]}}
    config = SchemathesisConfig.from_dict({"checks": accepted})
    application = basin.application
    return schemathesis.openapi.from_wsgi("/openapi/openapi.json", application, config=config)


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *((*call, GenerationMode.POSITIVE) for call in sorted(CALLS)),
        *((*call, GenerationMode.NEGATIVE) for call in sorted(CALLS - WITHOUT_INPUT)),
    ],
)
@settings(max_examples=20)
@given(data=st.data())
def test_whatever_is_sent_the_answer_is_one_that_is_documented(
    basin: Client,
    described: Any,
    experiment: Experiment,
    study: str,
    method: str,
    path: str,
    mode: Any,
    data: Any,
) -> None:
    case = data.draw(described[path][method].as_strategy(generation_mode=mode))
    if method != "delete" and "id" in case.path_parameters:
        case.path_parameters["id"] = study if path.startswith("/api/studies") else experiment.id
    answer = case.call_and_validate(headers={"Accept-Encoding": "identity"})
    if answer.status_code == 202:  # a study, of any size
        basin.ask("DELETE", f"/api/studies/{answer.json()['id']}", 204)


def test_the_document_is_valid(described: Any) -> None:
    described.validate()


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_call_is_in_the_document(basin: Client, document: Any) -> None:
    listed = {(method, path) for method, path, _ in operations(document)}
    assert listed >= CALLS
    routed = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in basin.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert routed == {one for one in listed if one[1].startswith("/api/")}


def test_every_call_says_what_it_does_and_what_it_answers(document: Any) -> None:
    for method, path, operation in operations(document):
        assert operation["summary"], (method, path)
        assert {"200", "201", "202", "204"} & {*operation["responses"]}, (method, path)


def test_every_refusal_that_a_call_may_give_is_in_the_document(document: Any) -> None:
    for method, path, operation in operations(document):
        answers = {*operation["responses"]}
        assert not path.startswith("/api/experiments") or {"422", "429"} <= answers
        assert "{id}" not in path or "404" in answers
        assert method not in ("post", "patch") or {"400", "413"} <= answers, (method, path)
        assert "503" in answers, (method, path)
        if path in VERSIONED and method in ("post", "patch"):
            assert "409" in answers, (method, path)


def test_a_refusal_is_documented_as_a_problem(document: Any) -> None:
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert [*answer["content"]] == ["application/problem+json"], (method, path)


def test_a_store_that_is_gone_is_said_as_the_document_says(tmp_path: Path) -> None:
    with serving(tmp_path) as basin:
        made = basin.application
        document = basin.get("/openapi/openapi.json")
        trained = basin.create(data={"samples": 20})
        trained.train(3)
        body = {"spec": {}, "seeds": {"count": 2}, "steps": 3}
        study = basin.post("/api/studies", body, 202)["id"]
        basin.ask("POST", f"/api/studies/{study}/cancel")
        made.extensions["basin.service"].store.close()
        for method, path, asked in (
            ("post", "/api/experiments", {}),
            ("get", "/api/experiments/{id}", None),
            (
                "patch",
                "/api/experiments/{id}",
                {"optimizer": {"name": "momentum", "learning_rate": 0.1}},
            ),
            ("delete", "/api/experiments/{id}", None),
            ("post", "/api/experiments/{id}/steps", {"count": 1}),
            ("post", "/api/experiments/{id}/branch", {"step": 1}),
            ("post", "/api/experiments/{id}/view", None),
            ("get", "/api/experiments/{id}/loss", None),
            ("get", "/api/experiments/{id}/parameters.npz", None),
            ("get", "/api/experiments/{id}/diagnostics", None),
            ("get", "/api/experiments/{id}/surface?x=W1[0,0]&y=b1[0]&size=5", None),
            ("post", "/api/mysteries", {"spec": {}}),
            ("post", "/api/studies", body),
            ("get", "/api/studies/{id}", None),
            ("get", "/api/studies/{id}/runs.csv", None),
            ("delete", "/api/studies/{id}", None),
        ):
            call = path.partition("?")[0]
            url = path.replace("{id}", study if "studies" in path else trained.id)
            with made.test_client().open(url, method=method.upper(), json=asked) as answer:
                assert answer.status_code == 503, (method, path)
                declared = document["paths"][call][method]["responses"]["503"]
                assert [*declared["content"]] == [answer.content_type], (method, path)
                assert {*declared["headers"]} == {"Retry-After"}
                assert int(answer.headers["Retry-After"]) >= 1
                is_a_problem(answer.get_json())


@pytest.mark.parametrize(("is_there", "status"), [(True, 200), (False, 503)])
def test_figures_are_in_the_document_as_they_are_sent(
    tmp_path: Path, is_there: bool, status: int
) -> None:
    made = app.create_app(Settings(store=f"sqlite:///{tmp_path / 'basin.db'}", metrics=True))
    client = made.test_client()
    (operation,) = client.get("/openapi/openapi.json").get_json()["paths"]["/metrics"].values()
    with closing(made.extensions["basin.service"].store) as store:
        if not is_there:
            store.close()
        with client.get("/metrics") as answer:
            assert answer.status_code == status
            declared = operation["responses"][str(status)]
            assert [*declared["content"]] == [answer.mimetype]
            assert ("Retry-After" in declared.get("headers", {})) == (
                "Retry-After" in answer.headers
            )
    for code, refusal in operation["responses"].items():
        if code != "200":
            assert [*refusal["content"]] == ["application/problem+json"]


def test_every_reference_leads_somewhere(document: Any) -> None:
    def references(part: Any) -> Iterator[str]:
        for value in part.values() if isinstance(part, dict) else part:
            if isinstance(value, dict | list):
                yield from references(value)
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            yield part["$ref"]

    for reference in references(document):
        place = document
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]


def test_a_spec_in_the_document_names_the_choices_and_ranges(document: Any) -> None:
    schemas = document["components"]["schemas"]
    units = schemas["Layer"]["properties"]["units"]
    assert (units["minimum"], units["maximum"]) == (1, 64)
    assert "tanh" in schemas["Layer"]["properties"]["activation"]["enum"]


@pytest.mark.parametrize("path", ["/openapi/", "/openapi/swagger"])
def test_the_documentation_asks_no_other_host(basin: Client, path: str) -> None:
    with basin.application.test_client().get(path) as page:
        html = page.get_data(as_text=True)
        policy = page.headers["Content-Security-Policy"]
    loaded = re.findall(r"""(?:src|href|action)\s*=\s*["']([^"']*)|url\(["']?([^"')]+)""", html)
    links = [link.strip() for pair in loaded for link in pair if link.strip()]
    assert links
    assert not [link for link in links if re.match(r"(https?:)?//", link)]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)


def test_every_file_of_the_documentation_is_there(basin: Client) -> None:
    client = basin.application.test_client()
    with client.get("/openapi/swagger") as page:
        links = re.findall(r'(?:src|href)="(swagger/[^"]+)"', page.get_data(as_text=True))
    assert len(links) >= 3
    for link in links:
        with client.get(f"/openapi/{link}") as file:
            assert file.status_code == 200
            assert len(file.get_data()) > 100


def test_the_documentation_sends_the_document_to_no_validator(basin: Client) -> None:
    with basin.application.test_client().get("/openapi/swagger") as page:
        assert '"validatorUrl":null' in page.get_data(as_text=True)

"""compose.yaml, as far as it can be read; tests/test_machines.py starts its parts by hand."""

import re
from typing import Any

import pytest
import yaml

from app.config import VARIABLES, Settings
from app.environment import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("app1", "app2", "scheduler", "worker")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_read_only_without_capabilities_and_not_root(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert name in OURS or re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_ours_or_named_by_its_digest(name: str) -> None:
    image = SERVICES[name]["image"]
    assert (image == "basin") == (name in OURS)
    assert image == "basin" or re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", image)


def test_the_base_of_our_own_is_named_by_its_digest_too() -> None:
    (base,) = re.findall(r"^FROM (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+-slim-\w+@sha256:[0-9a-f]{64}", base)


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    networks = COMPOSE["networks"]
    assert all(networks[name].get("internal") for name in ("front", "back"))
    assert "back" not in SERVICES["proxy"]["networks"]


@pytest.mark.parametrize("name", ["app1", "app2"])
def test_the_settings_of_the_servers_can_be_used(name: str) -> None:
    given = SERVICES[name]["environment"]
    assert {key for key in given if key.startswith("PLAYGROUND_")} <= set(VARIABLES)
    defaults = {key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(value)) for key, value in given.items()}
    settings = Settings.from_environment(defaults)
    assert settings.store == "redis://redis:6379/0"
    assert settings.proxies == 1


def test_redis_evicts_nothing_has_a_bound_and_writes_to_its_disk() -> None:
    words = SERVICES["redis"]["command"]
    options = dict(zip(words[1::2], words[2::2], strict=True))
    assert options["--maxmemory-policy"] == "noeviction"
    assert options["--appendonly"] == "yes"
    assert "--maxmemory" in options
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]


def test_what_is_mounted_is_there() -> None:
    mounted = [word.split(":")[0] for one in SERVICES.values() for word in one.get("volumes", [])]
    assert all((ROOT / path).exists() for path in mounted if path.startswith("./"))


def test_the_image_has_what_the_services_import() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    optional = SERVICES["app1"]["build"]["args"]["WITH"].split()
    assert "redis" in optional
    assert "dask" in optional
    for name in optional:
        assert f"requirements-{name}.txt" in dockerfile

"""What is in deploy/ fits the product: settings, commands, figures and files that it names are there."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from api.figures import looked_up
from api.metrics import Metrics
from assist.cli import COMMANDS
from assist.config import Settings
from assist.worker import QUEUES

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SETTINGS = {f"ASSIST_{name.upper()}" for name in Settings.model_fields}
OF_UNITS = {"ASSIST_QUEUE"}


def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_every_setting_that_is_named_is_one(file):
    named = set(re.findall(r"\bASSIST_[A-Z_]+\b", file.read_text("utf-8")))
    assert named - SETTINGS - OF_UNITS == set()


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_every_unit_reads_and_starts_a_command_there_is(file):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(file.read_text("utf-8"))
    assert unit["Unit"]["Description"]
    for command in re.findall(r"^ExecStart=\S+/assist (\S+)", file.read_text("utf-8"), re.MULTILINE):
        assert command in COMMANDS
    if file.suffix == ".service":
        assert unit["Service"]["User"] == "assist"
        assert {"NoNewPrivileges", "ProtectSystem", "PrivateTmp", "SystemCallFilter"} <= set(unit["Service"])


def test_systemd_takes_the_units(tmp_path):
    """Where there is a systemd to ask; the parse above holds everywhere."""
    program = shutil.which("systemd-analyze")
    for file in UNITS:
        text = file.read_text("utf-8").replace("/opt/assist/current/bin/assist", "/bin/true")
        (tmp_path / file.name.replace("@.", "@0.")).write_text(text)
    if program is not None:
        asked = [program, "verify", *sorted(map(str, tmp_path.iterdir()))]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False).stderr
        assert [line for line in told.splitlines() if str(tmp_path) in line] == []


def test_every_service_of_compose_runs_a_command_there_is():
    made = compose()
    for name in ("server", "judge"):
        assert made["services"][name]["command"][0] in COMMANDS
    queues = [
        re.search(r"--queue,? (\w+)", str(made["services"][name]).replace("'", "")) for name in ("judge", "speech")
    ]
    assert [found.group(1) for found in queues if found] == ["judge", "speech"]
    assert {"judge", "speech"} <= set(QUEUES)


def test_only_the_proxy_is_open_to_the_network():
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose()["networks"]["inside"]["internal"]


def test_volumes_and_files_that_compose_names_are_there():
    made = compose()
    for service in made["services"].values():
        for mount in service.get("volumes", ()):
            source, _, target = mount.partition(":")
            if target:
                assert (DEPLOY / source).exists() if source.startswith(".") else source in made["volumes"]
    secrets = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert secrets == set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "compose.env.example").read_text("utf-8"), re.MULTILINE))


def test_alerts_ask_for_figures_there_are(store):
    metrics = Metrics()
    known = {metric.name for metric in metrics.registry.collect()} | {metric.name for metric in looked_up(store)}
    rules = [
        rule
        for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        for name in re.findall(r"\bassist_\w+", rule["expr"]):
            assert re.sub(r"_(total|bucket|count|sum)$", "", name) in known, name


def test_the_image_names_no_host():
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.11-slim-bookworm"] * 2
    assert "://" not in text.replace("http://127.0.0.1", "")

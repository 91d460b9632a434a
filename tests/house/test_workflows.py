"""GitHub's workflows are those of OCA's template, and run what a contributor runs."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from workshop import floors

CHECKOUT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
MANIFEST = ast.literal_eval((CHECKOUT / "copro_registry" / "__manifest__.py").read_text())
SERIES = MANIFEST["version"][:4]


def read(name: str) -> dict:
    return yaml.safe_load((CHECKOUT / ".github" / "workflows" / name).read_text())


def commands(workflow: dict) -> list[str]:
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [step["run"] for step in steps if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_it_runs_for_the_series_of_the_manifest(path):
    workflow = read(path.name)
    on = workflow[True]  # what YAML 1.1 reads "on" as
    assert f"{SERIES}*" in on["pull_request"]["branches"]
    assert SERIES in on["push"]["branches"]
    series = re.findall(r"\b(?:odoo|ocb)(\d+\.\d)", path.read_text())
    assert set(series) <= {SERIES}


def test_the_hooks_are_those_of_the_configuration():
    """All of them, by pre-commit alone: no version stands in two places."""
    workflow, text = read("pre-commit.yml"), (CHECKOUT / ".pre-commit-config.yaml").read_text()
    [hooks] = [command for command in commands(workflow) if "pre-commit run" in command]
    assert "--all-files" in hooks
    steps = workflow["jobs"]["pre-commit"]["steps"]
    assert not any("SKIP" in step.get("env", {}) for step in steps)
    tools = {hook["id"] for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]}
    named = (CHECKOUT / ".github" / "workflows" / "pre-commit.yml").read_text()
    assert tools and not any(f"{tool}==" in named for tool in tools)


def test_the_tests_are_the_command_of_the_readme():
    workflow = read("test.yml")
    assert ".ci/run" in commands(workflow)
    assert "./bin/test" in (CHECKOUT / ".ci" / "run").read_text()
    assert {"oca_install_addons", "oca_init_test_database", "oca_run_tests"} <= set(
        commands(workflow)
    )


def test_each_floor_is_run():
    job = read("test.yml")["jobs"]["floor"]
    assert job["strategy"]["matrix"]["floor"] == [*floors.FLOORS]
    assert ".ci/run --floor ${{ matrix.floor }}" in [step.get("run") for step in job["steps"]]


@pytest.mark.parametrize("name", floors.FLOORS)
def test_the_manifest_and_the_guide_declare_the_lowest(name):
    """An installation is refused below what is tested, with Odoo's own sentence."""
    declared = dict(
        re.fullmatch(r"([\w-]+)(?:>=(.+))?", requirement).groups()
        for requirement in MANIFEST["external_dependencies"]["python"]
    )
    guide = (CHECKOUT / "copro_registry" / "readme" / "INSTALL.md").read_text()
    for package, version in floors.FLOORS[name].items():
        if package in declared and declared[package]:
            assert numbers(declared[package]) <= numbers(version), package
        assert version in guide, (package, version)


def test_a_refusal_says_what_to_install():
    """Odoo names the package of the system, where the manifest tells it by the same words."""
    dependencies = MANIFEST["external_dependencies"]
    assert [*dependencies["apt"]] == dependencies["python"]


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))

import { recordAt } from "../../../formats/document.ts";
import { baseOf, extensionOf, joinPath } from "../../../formats/tree.ts";
import type { DjangoProject } from "./django.ts";
import { relative } from "./imports.ts";
import { askedAt, type PythonProject } from "./project.ts";

const TEST_FILE = /^(?:test_.*|.*_test|tests)\.py$/;

/** Claims how the tests are run. */
export function claimTest(project: PythonProject, django: DjangoProject | undefined): void {
  const { view } = project;
  const { snapshot } = view;
  const pytest = project.mentions("pytest", "pytest-django", "pytest-asyncio", "pytest-cov");
  const settings = ["pytest.ini", "conftest.py", "tests/conftest.py"]
    .map((name) => view.path(name) as string)
    .find((path) => snapshot.has(path));
  const pyproject = joinPath(project.folder, "pyproject.toml") as string;
  const document = snapshot.toml(pyproject);
  const configured = recordAt(document.value, ["tool"]).pytest !== undefined;
  if (pytest || settings !== undefined || configured) {
    const at = pytest
      ? askedAt(project, pytest)
      : settings !== undefined
        ? view.seen(settings, 1, "pytest")
        : view.seenAt(pyproject, document, ["tool", "pytest"], "pytest");
    view.claim("test", "python -m pytest", { source: "project", confidence: 0.95, at });
    return;
  }
  const tests = view.files.filter((path) => extensionOf(path) === "py" && TEST_FILE.test(baseOf(path)));
  const [first] = tests;
  if (first === undefined) return;
  if (django?.manage !== undefined) {
    const manage = relative(django.manage, view.unit.path);
    view.claim("test", `python ${manage} test`, {
      source: "convention",
      confidence: 0.8,
      at: view.seen(first, 1, "tests"),
    });
    return;
  }
  const plain = tests.find((path) => /^[^\S\n]*(?:import unittest|from unittest)/m.test(snapshot.text(path) ?? ""));
  const command = plain === undefined ? "python -m pytest" : "python -m unittest discover";
  view.claim("test", command, { source: "convention", at: view.seen(plain ?? first, 1, "tests") });
}

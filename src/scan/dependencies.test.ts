import { describe, expect, test } from "vitest";
import { dependenciesOf, findDependency } from "./dependencies.ts";
import { memoryFiles } from "./files.ts";
import { takeSnapshot } from "./snapshot.ts";

function listed(files: Record<string, string>, folder = "."): string[] {
  return dependenciesOf(takeSnapshot(memoryFiles(files)), folder).map(
    ({ name, version, group, features, indirect, path, file, place }) =>
      [
        name,
        version ?? "-",
        group,
        ...features.map((feature) => `+${feature}`),
        ...(indirect ? ["indirect"] : []),
        ...(path === null ? [] : [`from ${path}`]),
        `${file}:${place()?.line}`,
      ].join(" "),
  );
}

const CASES: { title: string; files: Record<string, string>; folder?: string; expected: string[] }[] = [
  {
    title: "package.json with its four lists",
    files: {
      "package.json": `\uFEFF{\r\n  // written by hand\r\n  "dependencies": { "pg": "^8.11.0", "@acme/db": "file:packages/db" },\r\n  "optionalDependencies": {"fsevents": "2"},\r\n  "devDependencies": {\r\n    "vitest": "3"\r\n  }\r\n}`,
    },
    expected: [
      "pg ^8.11.0 prod package.json:3",
      "@acme/db file:packages/db prod from packages/db package.json:3",
      "fsevents 2 optional package.json:4",
      "vitest 3 dev package.json:6",
    ],
  },
  {
    title: "imports of deno.json",
    files: {
      "deno.json": `{"imports": {"pg": "npm:pg@8.11", "@std/assert": "jsr:@std/assert@1", "s3": "npm:@aws-sdk/client-s3"}}`,
    },
    expected: ["pg 8.11 prod deno.json:1", "@aws-sdk/client-s3 - prod deno.json:1"],
  },
  {
    title: "pyproject: PEP 621, extras, dependency groups",
    files: {
      "pyproject.toml": `[project]
name = "shop"
dependencies = [
  "FastAPI[standard]>=0.110",
  "psycopg2_binary==2.9.9; python_version >= '3.9'",
]
[project.optional-dependencies]
s3 = ["boto3"]
test = ["pytest"]
[dependency-groups]
dev = ["ruff>=0.5", {include-group = "x"}]
`,
    },
    expected: [
      "fastapi >=0.110 prod +standard pyproject.toml:4",
      "psycopg2-binary ==2.9.9 prod pyproject.toml:5",
      "boto3 - optional pyproject.toml:8",
      "pytest - dev pyproject.toml:9",
      "ruff >=0.5 dev pyproject.toml:11",
    ],
  },
  {
    title: "pyproject: Poetry with groups, optional packages, paths",
    files: {
      "pyproject.toml": `[tool.poetry.dependencies]
python = "^3.12"
django = "^5.0"
redis = {version = "^5", extras = ["hiredis"], optional = true}
common = {path = "../common", develop = true}
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.poetry.group.worker.dependencies]
celery = "^5.4"
`,
    },
    folder: ".",
    expected: [
      "django ^5.0 prod pyproject.toml:3",
      "redis ^5 optional +hiredis pyproject.toml:4",
      "common - prod pyproject.toml:5",
      "pytest * dev pyproject.toml:7",
      "celery ^5.4 prod pyproject.toml:9",
    ],
  },
  {
    title: "requirement files: includes, options, addresses",
    files: {
      "requirements.txt": `-r requirements/base.txt
--index-url https://pypi.org/simple
flask ==3.0.0  # the web
git+https://github.com/acme/tool.git@v1#egg=acme-tool
./local
-e .
gunicorn==22.0 \\
    --hash=sha256:abc
`,
      "requirements/base.txt": "psycopg[binary]>=3.1\n",
      "requirements/dev.txt": "-r base.txt\npytest\n",
      "requirements-test.txt": "factory_boy\n",
    },
    expected: [
      "factory-boy - dev requirements-test.txt:1",
      "flask ==3.0.0 prod requirements.txt:3",
      "acme-tool - prod requirements.txt:4",
      "gunicorn ==22.0 prod requirements.txt:7",
      "psycopg >=3.1 prod +binary requirements/base.txt:1",
      "pytest - dev requirements/dev.txt:2",
    ],
  },
  {
    title: "Pipfile",
    files: {
      Pipfile: `[packages]\nflask = "*"\nsqlalchemy = {version = ">=2", extras = ["asyncio"]}\n[dev-packages]\nblack = "*"\n`,
    },
    expected: ["flask * prod Pipfile:2", "sqlalchemy >=2 prod +asyncio Pipfile:3", "black * dev Pipfile:5"],
  },
  {
    title: "setup.py, setup.cfg, environment.yml",
    files: {
      "setup.py": `from setuptools import setup
# install_requires=["old"]
setup(name="x", install_requires=[
  "requests>=2",
  'redis',
])`,
      "setup.cfg":
        "[options]\ninstall_requires =\n    pymongo>=4\n    motor\npackages = find:\n[options.extras_require]\ntest = pytest\n",
      "environment.yml": "dependencies:\n  - python=3.11\n  - conda-forge::psycopg2=2.9\n  - pip:\n    - boto3\n",
    },
    expected: [
      "requests >=2 prod setup.py:4",
      "redis - prod setup.py:5",
      "pymongo >=4 prod setup.cfg:3",
      "motor - prod setup.cfg:4",
      "pytest - dev setup.cfg:7",
      "psycopg2 =2.9 prod environment.yml:3",
      "boto3 - prod environment.yml:4",
    ],
  },
  {
    title: "broken manifests",
    files: {
      "package.json": `{"dependencies": {"pg"`,
      "pyproject.toml": "[project\ndependencies = [",
      "Cargo.toml": "[dependencies\n",
      "pom.xml": "<project><dependencies>",
      "composer.json": "[]",
      "go.mod": "require (",
      "mix.exs": "defp deps do",
      "environment.yml": "dependencies: {a: *x}",
    },
    expected: [],
  },
  {
    title: "manifests with values of other types",
    files: { "package.json": `{"dependencies": ["pg"], "devDependencies": {"a": 1}}` },
    expected: ["a - dev package.json:1"],
  },
];

describe("what manifests ask for", () => {
  test.each(CASES)("$title", ({ files, folder, expected }) => {
    expect(listed(files, folder)).toEqual(expected);
  });

  test("production goes before development", () => {
    const snapshot = takeSnapshot(
      memoryFiles({ "requirements-dev.txt": "redis==4\n", "requirements.txt": "redis==5\n" }),
    );
    expect(findDependency(dependenciesOf(snapshot, "."), "pypi", "redis")).toMatchObject({ version: "==5" });
    expect(findDependency(dependenciesOf(snapshot, "."), "npm", "redis")).toBeUndefined();
    expect(dependenciesOf(snapshot, ".")).toBe(dependenciesOf(snapshot, "."));
  });
});

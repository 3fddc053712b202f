import { listAt, stringAt } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import { nearestFile } from "../../nearby.ts";
import { toolVersions, type VersionSeen, versionText } from "../../runtime-pins.ts";
import { hitsIn } from "../../search.ts";
import type { PythonProject } from "./project.ts";

/** What the files of a project say of the version of Python, pins before ranges. */
export function pythonVersions(project: PythonProject): VersionSeen[] {
  return [
    ...pinned(project),
    ...toolVersions(project.view, ["python"]),
    ...inToml(project),
    ...inSetup(project),
    ...inConda(project),
  ];
}

function pinned({ view, folder }: PythonProject): VersionSeen[] {
  const { snapshot } = view;
  const pin = nearestFile(snapshot, view.unit.path, ".python-version");
  const runtime = joinPath(folder, "runtime.txt") as string;
  return [
    ...(pin === undefined
      ? []
      : firstLine(snapshot.text(pin), /^(?:c?python[-@]?)?((?:pypy)?\d+(?:\.\d+)*[\w.-]*)$/i, pin)),
    ...firstLine(snapshot.text(runtime), /^python-(\d\S*)$/i, runtime),
  ];

  function firstLine(text: string | undefined, shape: RegExp, file: string): VersionSeen[] {
    const found = (text ?? "").split("\n").flatMap((line, index): VersionSeen[] => {
      const version = shape.exec(line.replace(/#.*$/, "").trim())?.[1];
      return version === undefined ? [] : [{ version, exact: true, at: view.seen(file, index + 1, "version-file") }];
    });
    return found.slice(0, 1);
  }
}

function inToml({ view, folder }: PythonProject): VersionSeen[] {
  const places: readonly [string, readonly string[]][] = [
    ["Pipfile", ["requires", "python_full_version"]],
    ["Pipfile", ["requires", "python_version"]],
    ["pyproject.toml", ["project", "requires-python"]],
    ["pyproject.toml", ["tool", "poetry", "dependencies", "python"]],
  ];
  return places.flatMap(([base, path]): VersionSeen[] => {
    const file = joinPath(folder, base) as string;
    if (!view.snapshot.has(file)) return [];
    const document = view.snapshot.toml(file);
    const version = versionText(
      path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document.value),
    );
    if (version === undefined || !/\d/.test(version)) return [];
    return [
      {
        version,
        exact: /^\d[\d.]*$/.test(version) && base === "Pipfile",
        at: view.seenAt(file, document, path, "requires"),
      },
    ];
  });
}

function inSetup({ view, folder }: PythonProject): VersionSeen[] {
  return ["setup.cfg", "setup.py"].flatMap((base): VersionSeen[] => {
    const file = joinPath(folder, base) as string;
    const text = base === "setup.py" ? view.snapshot.code(file)?.code : view.snapshot.text(file);
    const [hit] = hitsIn(text ?? "", /^[ \t]*python_requires\s*=\s*["']?([^"'\n#]+?)["']?,?\s*$/gm, file);
    return hit ? [{ version: hit.match[1] as string, exact: false, at: view.seen(file, hit.place, "requires") }] : [];
  });
}

function inConda({ view, folder }: PythonProject): VersionSeen[] {
  return ["environment.yml", "environment.yaml"].flatMap((base) => {
    const file = joinPath(folder, base) as string;
    const document = view.snapshot.yaml(file);
    return listAt(document.value, ["dependencies"]).flatMap((item, index): VersionSeen[] => {
      const [, operator, version] = /^(?:[\w-]+::)?python\s*([=<>~!]=?)\s*(\d[^=]*)/.exec(stringAt(item) ?? "") ?? [];
      if (version === undefined || operator === undefined) return [];
      const exact = operator === "=" || operator === "==";
      return [
        {
          version: exact ? version.trim() : `${operator}${version.trim()}`,
          exact,
          at: view.seenAt(file, document, ["dependencies", index], "conda"),
        },
      ];
    });
  });
}

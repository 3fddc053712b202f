import { type Path, recordAt, stringAt, valueAt } from "../../../../formats/document.ts";
import { inFolder } from "../manifest.ts";
import { type Site, type SiteReader, said, usual } from "./site.ts";

/** Builders that keep pages in a folder of their own, beside that of the server. */
const APPLICATION = /:application$/;

/** Angular: pages for browsers, and a server beside them where the workspace builds one. */
export const angularSite: SiteReader = (framed) => {
  const { project, row } = framed;
  const { snapshot, unit } = project.view;
  const file = ["angular.json", ".angular.json"]
    .map((base) => inFolder(unit.path, base))
    .find((path) => snapshot.has(path));
  if (file === undefined) return { kind: "spa" };
  const document = snapshot.json(file);
  const at = (path: Path) => project.view.seenAt(file, document, path, "angular");
  const projects = recordAt(document.value, ["projects"]);
  const wanted = stringAt(document.value, ["defaultProject"]);
  const names = Object.keys(projects).filter((name) => stringAt(projects, [name, "projectType"]) !== "library");
  const name = names.find((one) => one === wanted) ?? names.find((one) => !one.endsWith("-e2e"));
  if (name === undefined) return { kind: "library" };
  const key = valueAt(projects, [name, "architect"]) === undefined ? "targets" : "architect";
  const target: Path = ["projects", name, key];
  const build: Path = [...target, "build"];
  const builder = stringAt(document.value, [...build, "builder"]) ?? "";
  const options: Path = [...build, "options"];
  const base =
    stringAt(document.value, [...options, "outputPath"]) ??
    stringAt(document.value, [...options, "outputPath", "base"]) ??
    `dist/${name}`;
  const inner =
    valueAt(document.value, [...options, "outputPath", "browser"]) ?? (APPLICATION.test(builder) ? "browser" : "");
  const folder = [base.replace(/^\.\/|\/$/g, ""), ...(typeof inner === "string" && inner !== "" ? [inner] : [])].join(
    "/",
  );
  const pages: Site = {
    kind: "spa",
    output: { ...said(at([...options, "outputPath"]), folder), source: "project", confidence: 0.9 },
  };
  return { ...pages, ...server() };

  function server(): Partial<Site> {
    const mode = stringAt(document.value, [...options, "outputMode"]);
    const prerender = mode === "static";
    const entry = valueAt(document.value, [...options, "ssr"]) ?? valueAt(document.value, [...options, "server"]);
    const old = recordAt(document.value, [...target, "server"]);
    const render = (value: "server" | "export", path: Path) => ({ render: said(at(path), value) });
    if (prerender) return { kind: "static", ...render("export", [...options, "outputMode"]) };
    if (mode === "server" || (entry !== undefined && entry !== false)) {
      const start = usual({ at: at(options) }, `node ${base.replace(/^\.\//, "")}/server/server.mjs`);
      const { output: _, ...rest } = {
        output: undefined,
        ...render("server", options),
        start,
        port: usual(framed, row.port ?? 4000),
      };
      return { kind: "ssr", ...rest };
    }
    const path = stringAt(old, ["options", "outputPath"]);
    if (path === undefined) return {};
    const start = usual({ at: at([...target, "server"]) }, `node ${path}/main.js`);
    return { kind: "ssr", ...render("server", [...target, "server"]), start, port: usual(framed, row.port ?? 4000) };
  }
};

import { baseOf, extensionOf, folderOf, joinPath } from "../../../formats/tree.ts";
import type { Evidence } from "../../fact.ts";
import { hitsIn } from "../../search.ts";
import { relative } from "./imports.ts";
import { askedAt, type PythonProject } from "./project.ts";
import { asgiCommand, EVERYWHERE, portVariable, type Serving, wsgiCommand } from "./serving.ts";

/** A Django project: where `manage.py` lies and what its settings say. */
export interface DjangoProject {
  /** Folder of `manage.py`, relative to the unit. */
  root: string;
  manage: string | undefined;
  /** All settings files together, comments left out. */
  settings: readonly string[];
  at: Evidence[];
  confidence: number;
}

/** The Django project of a unit: a dependency with manage.py or settings. */
export function findDjango(project: PythonProject): DjangoProject | undefined {
  const { view } = project;
  const declared = project.needs("django", "wagtail", "django-cms", "djangorestframework", "django-ninja");
  const manage = view.files
    .filter((path) => baseOf(path) === "manage.py" && /django/i.test(view.snapshot.code(path)?.code ?? ""))
    .sort((a, b) => a.split("/").length - b.split("/").length)[0];
  const settings = settingsFiles(project, manage);
  if (!manage && (settings.length === 0 || !declared)) return undefined;
  const first = manage ?? (settings[0] as string);
  const at = [...(declared ? [askedAt(project, declared)] : []), view.seen(first, 1, "django")];
  const folder = manage === undefined ? rootOf(project, settings[0] as string) : folderOf(manage);
  return { root: relative(folder, view.unit.path), manage, settings, at, confidence: declared ? 1 : 0.85 };
}

/** The settings that manage.py names, with the others of their folder; else files that list installed applications. */
function settingsFiles({ view }: PythonProject, manage: string | undefined): string[] {
  const { snapshot } = view;
  const code = manage === undefined ? "" : (snapshot.code(manage)?.code ?? "");
  const named = /["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(code)?.[1];
  if (manage !== undefined && named !== undefined) {
    const path = joinPath(folderOf(manage), named.replaceAll(".", "/")) as string;
    const folder = snapshot.has(`${path}.py`) && baseOf(path) === "settings" ? undefined : folderOf(path);
    const candidates = [
      `${path}.py`,
      ...(folder === undefined ? [] : snapshot.inFolder(folder)),
      ...snapshot.inFolder(path),
    ];
    const found = candidates.filter(
      (file) => extensionOf(file) === "py" && snapshot.has(file) && !/\/(?:urls|wsgi|asgi)\.py$/.test(file),
    );
    if (found.length > 0) return [...new Set(found)];
  }
  return view.sources.filter(
    (file) => extensionOf(file) === "py" && /^[ \t]*INSTALLED_APPS\s*(?::[^=\n]+)?=/m.test(snapshot.text(file) ?? ""),
  );
}

/** Without manage.py: above the package that has the settings. */
function rootOf({ view }: PythonProject, settings: string): string {
  let folder = folderOf(settings);
  while (folder !== view.unit.path && view.snapshot.has(joinPath(folder, "__init__.py") as string))
    folder = folderOf(folder);
  return folder;
}

/** How Django is served: by the server that the project asks for; its own server where there is none. */
export function djangoStart(project: PythonProject, django: DjangoProject, port: number): Serving | undefined {
  const { view, needs } = project;
  const asgi = entry(project, django, "ASGI_APPLICATION", "asgi");
  const wsgi = entry(project, django, "WSGI_APPLICATION", "wsgi");
  const isAsync =
    asgi !== undefined && (mentions(project, django, "ASGI_APPLICATION") || needs("channels") !== undefined);
  const hasAsync = needs("daphne", "uvicorn", "hypercorn", "granian", "uvicorn-worker") !== undefined;
  const target = (found: { module: string; name: string }) => ({
    ...found,
    root: django.root,
    isShown: true,
    isFactory: false,
  });
  const serving = (command: string, confidence: number, at: Evidence): Serving => ({
    command,
    confidence,
    at: [at],
    bind: EVERYWHERE,
  });
  const isPlain = wsgi !== undefined && needs("gunicorn", "uwsgi", "pyuwsgi", "waitress") !== undefined;
  if (asgi && hasAsync && ((isAsync && (needs("channels") || !wsgi)) || !isPlain))
    return serving(asgiCommand(project, target(asgi), port).command, 0.8, asgi.at);
  if (asgi && isAsync && needs("uvicorn", "uvicorn-worker") && needs("gunicorn"))
    return serving(asgiCommand(project, target(asgi), port).command, 0.7, asgi.at);
  const command = wsgi && wsgiCommand(project, target(wsgi), port);
  if (wsgi && command !== undefined) return serving(command, 0.8, wsgi.at);
  if (django.manage === undefined) return undefined;
  const own = `python ${relative(django.manage, view.unit.path)} runserver ${EVERYWHERE}:${portVariable(port)}`;
  view.miss("start", "no server for production among the dependencies: gunicorn, uvicorn, daphne, waitress", django.at);
  return serving(own, 0.6, view.seen(django.manage, 1, "manage"));
}

/** The object that the settings name, else the one of the file that is called so. */
function entry(
  { view }: PythonProject,
  { root, settings }: DjangoProject,
  setting: string,
  base: "wsgi" | "asgi",
): { module: string; name: string; at: Evidence } | undefined {
  for (const file of settings) {
    const code = view.snapshot.code(file)?.code ?? "";
    const [hit] = hitsIn(code, new RegExp(`^[ \\t]*${setting}\\s*=\\s*["']([\\w.]+)\\.(\\w+)["']`, "gm"), file);
    if (hit)
      return {
        module: hit.match[1] as string,
        name: hit.match[2] as string,
        at: view.seen(file, hit.place, setting.toLowerCase()),
      };
  }
  const folder = joinPath(view.unit.path, root) as string;
  const near = (path: string) =>
    Math.min(
      ...settings.map((file) =>
        folderOf(file).startsWith(folderOf(path)) ? folderOf(file).length - folderOf(path).length : 99,
      ),
      100,
    );
  const file = view.files
    .filter(
      (path) =>
        baseOf(path) === `${base}.py` &&
        new RegExp(`get_${base}_application|ProtocolTypeRouter`).test(view.snapshot.text(path) ?? ""),
    )
    .sort((a, b) => near(a) - near(b) || a.length - b.length)[0];
  if (file === undefined || !(folder === "." || file.startsWith(`${folder}/`))) return undefined;
  const module = relative(file, folder).replace(/\.py$/, "").replaceAll("/", ".");
  return { module, name: "application", at: view.seen(file, 1, base) };
}

/** Whether the settings contain a word outside comments. */
export function mentions({ view }: PythonProject, { settings }: DjangoProject, word: string): boolean {
  return settings.some((file) =>
    new RegExp(`(?<![\\w.])${word.replaceAll(".", "\\.")}\\b`).test(view.snapshot.code(file)?.code ?? ""),
  );
}

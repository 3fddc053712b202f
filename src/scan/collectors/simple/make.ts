import { baseOf, extensionOf, folderOf } from "../../../formats/tree.ts";
import { isAside } from "../../application-code.ts";
import type { View } from "../../collector.ts";
import { mentioned, ownFile, type SimpleLanguage, type SimpleProgram } from "./model.ts";

const ENDINGS = new Set(["c", "cc", "cpp", "cxx"]);
/** Libraries of windows: what is built with them runs on a desk. */
const WINDOWS =
  /\bfind_package\s*\(\s*(?:Qt[456]?\b[^)]*\b(?:Widgets|Gui|Quick|Qml)|Qt[456](?:Widgets|Gui|Quick)|wxWidgets|SDL[23]?|SFML|raylib|glfw3|GTK\w*|gtkmm)\b|\bpkg_check_modules\s*\([^)]*\bgtk(?:mm)?[+-]/i;
const FRAMEWORKS = { drogon: /\bdrogon\b/i, crow: /\bcrow\b/i, oatpp: /\boatpp\b/i, pistache: /\bpistache\b/i };

/** C and C++ by CMake, Meson or make; where no code of theirs is, the file belongs to something else. */
export const cFamily: SimpleLanguage = (view) => {
  const sources = view.sources.filter((file) => ENDINGS.has(extensionOf(file)));
  const first = sources[0];
  if (first === undefined) return undefined;
  const size = (test: (file: string) => boolean) =>
    sources.filter(test).reduce((sum, file) => sum + view.snapshot.size(file), 0);
  const isC = (file: string) => extensionOf(file) === "c";
  const language = size(isC) > size((file) => !isC(file)) ? "C" : "C++";
  const base = (file: string) => ({
    language,
    runtime: { name: "native" },
    at: view.seen(file, 1, "build"),
    declared: false,
  });
  return byCmake(view, base) ?? byMeson(view, base) ?? byAutotools(view, base) ?? byMake(view, base);
};

type Base = (file: string) => Pick<SimpleProgram, "language" | "runtime" | "at" | "declared">;

function byCmake(view: View, base: Base): SimpleProgram | undefined {
  const root = ownFile(view, "CMakeLists.txt");
  if (!root) return undefined;
  const inside = (path: string) => (view.unit.path === "." ? path : path.slice(view.unit.path.length + 1));
  const lists = view.files.filter((file) => baseOf(file) === "CMakeLists.txt" && !isAside(folderOf(inside(file))));
  const texts = lists.map((file) => ({ file, text: (view.snapshot.text(file) ?? "").replace(/#.*$/gm, "") }));
  const project = /\bproject\s*\(\s*([\w.+-]+)/i.exec(texts[0]?.text ?? "")?.[1];
  const found = texts
    .flatMap(({ file, text }) =>
      [...text.matchAll(/\badd_executable\s*\(\s*"?([^\s")]+)/gi)].map(([, name = ""]) => ({
        file,
        name: name.replace(/^\$\{(?:PROJECT_NAME|CMAKE_PROJECT_NAME)\}$/, project ?? ""),
      })),
    )
    .find(({ name }) => /^[\w.+-]+$/.test(name) && !/test|bench|example/i.test(name));
  const all = texts.map(({ text }) => text).join("\n");
  const framework = mentioned(all, FRAMEWORKS);
  if (found && framework === undefined && WINDOWS.test(all))
    return { ...base(found.file), name: found.name, packageManager: "cmake", kind: "cli" };
  if (!found) return { ...base(root.file), packageManager: "cmake", kind: "library" };
  const folder = folderOf(inside(found.file));
  return {
    ...base(found.file),
    name: found.name,
    packageManager: "cmake",
    framework,
    kind: framework === undefined ? undefined : "api",
    build: "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build",
    start: `./build/${folder === "." ? "" : `${folder}/`}${found.name}`,
  };
}

function byMeson(view: View, base: Base): SimpleProgram | undefined {
  const own = ownFile(view, "meson.build");
  if (!own) return undefined;
  const name = /\bexecutable\s*\(\s*'([^']+)'/.exec(own.text.replace(/#.*$/gm, ""))?.[1];
  return {
    ...base(own.file),
    name,
    packageManager: "meson",
    ...(name === undefined
      ? { kind: "library" as const }
      : { build: "meson setup build --buildtype=release && meson compile -C build", start: `./build/${name}` }),
  };
}

function byAutotools(view: View, base: Base): SimpleProgram | undefined {
  const own = ownFile(view, "configure.ac", "configure.in");
  if (!own) return undefined;
  const rules = view.files.filter((file) => baseOf(file) === "Makefile.am");
  const found = rules
    .map((file) => ({ file, name: /^bin_PROGRAMS\s*\+?=\s*([\w.-]+)/m.exec(view.snapshot.text(file) ?? "")?.[1] }))
    .find(({ name }) => name !== undefined);
  const inside = folderOf(found?.file ?? "").slice(view.unit.path === "." ? 0 : view.unit.path.length + 1);
  return {
    ...base(own.file),
    name: found?.name,
    packageManager: "autotools",
    ...(found === undefined
      ? { kind: "library" as const }
      : {
          build: "autoreconf -i && ./configure && make",
          start: `./${inside === "." || inside === "" ? "" : `${inside}/`}${found.name}`,
        }),
  };
}

function byMake(view: View, base: Base): SimpleProgram | undefined {
  const own = ownFile(view, "Makefile", "makefile", "GNUmakefile");
  if (!own) return undefined;
  const text = own.text.replace(/#.*$/gm, "");
  const variables = new Map(
    [...text.matchAll(/^[^\S\n]*(\w+)\s*[:?]?=\s*(.*?)\s*$/gm)].map(([, key = "", value = ""]) => [key, value]),
  );
  const expand = (word: string) =>
    word.replace(/\$[({](\w+)[)}]/g, (whole, key: string) => variables.get(key) ?? whole);
  const outputs = [...text.matchAll(/\s-o\s*(\S+)/g)].map(([, word = ""]) =>
    expand(word.replace(/^\$@$/, targetBefore(text))),
  );
  const name = outputs.find(
    (word) => /^[\w./-]+$/.test(word) && !/\.(?:o|so|a|dylib)$/.test(word) && !/test/i.test(word),
  );
  if (name === undefined) return { ...base(own.file), packageManager: "make" };
  return {
    ...base(own.file),
    packageManager: "make",
    name: baseOf(name),
    build: "make",
    start: name.startsWith("/") ? name : `./${name.replace(/^\.\//, "")}`,
  };
}

/** The target of the first rule that links: `$(TARGET): $(OBJECTS)`. */
function targetBefore(text: string): string {
  return /^([^\s:#=%.][^:#=%\n]*?)\s*:(?!=)[^\n]*\n\t[^\n]*-o\s*\$@/m.exec(text)?.[1]?.split(/\s+/)[0] ?? "$@";
}

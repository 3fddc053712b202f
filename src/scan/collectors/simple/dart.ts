import { recordAt, stringAt } from "../../../formats/document.ts";
import { mentioned, ownFile, type SimpleLanguage } from "./model.ts";

/** Dart on a server, and Flutter as a page. */
export const dart: SimpleLanguage = (view) => {
  const own = ownFile(view, "pubspec.yaml");
  if (!own) return undefined;
  const { value } = view.snapshot.yaml(own.file);
  const dependencies = recordAt(value, ["dependencies"]);
  const name = stringAt(value, ["name"]);
  const base = {
    language: "Dart",
    runtime: { name: "dart", version: stringAt(value, ["environment", "sdk"]) },
    at: view.seen(own.file, 1, "pubspec"),
    declared: true,
    name,
    packageManager: "pub",
    install: "dart pub get",
    test: "dart test",
  };
  if (Object.hasOwn(dependencies, "flutter")) {
    const flutter = { ...base, framework: "flutter", install: "flutter pub get", test: "flutter test" };
    if (!ownFile(view, "web/index.html")) return { ...flutter, kind: "library" };
    return { ...flutter, kind: "spa", build: "flutter build web --release", output: "build/web" };
  }
  const names = Object.keys(dependencies).join("\n");
  const framework = mentioned(names, {
    dart_frog: /^dart_frog$/m,
    serverpod: /^serverpod$/m,
    jaspr: /^jaspr$/m,
    shelf: /^shelf$/m,
  });
  if (framework === "dart_frog")
    return {
      ...base,
      framework: "dart-frog",
      kind: "api",
      build: "dart_frog build",
      start: "dart build/bin/server.dart",
      port: 8080,
    };
  const main = ownFile(view, "bin/server.dart", "bin/main.dart", `bin/${name}.dart`);
  if (!main) return { ...base, framework, kind: "library" };
  const path = main.file.slice(view.unit.path === "." ? 0 : view.unit.path.length + 1);
  const binary = path.replace(/\.dart$/, "");
  return {
    ...base,
    framework,
    kind: framework === undefined ? undefined : "api",
    build: `dart compile exe ${path} -o ${binary}`,
    start: `./${binary}`,
  };
};

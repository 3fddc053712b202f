import { stringAt } from "../../../formats/document.ts";
import { mentioned, ownFile, type SimpleLanguage } from "./model.ts";

/** Swift: an executable of the package; Vapor takes its address from the command line. */
export const swift: SimpleLanguage = (view) => {
  const own = ownFile(view, "Package.swift");
  if (!own) return undefined;
  const code = view.snapshot.code(own.file)?.code ?? "";
  const framework = mentioned(code, { vapor: /vapor\/vapor(?:\.git)?"/, hummingbird: /hummingbird(?:\.git)?"/ });
  const targets = [...code.matchAll(/\.executable(?:Target)?\s*\(\s*name:\s*"([^"]+)"/g)].map(([, name = ""]) => name);
  const name = targets.includes("Run") ? "Run" : targets[0];
  const flags = framework === "vapor" ? " serve --env production --hostname 0.0.0.0 --port ${PORT:-8080}" : "";
  return {
    language: "Swift",
    runtime: { name: "swift", version: /swift-tools-version:\s*(\d[\d.]*)/.exec(own.text)?.[1] },
    at: view.seen(own.file, 1, "package"),
    declared: true,
    name: /\bname:\s*"([^"]+)"/.exec(code)?.[1],
    packageManager: "swiftpm",
    framework,
    install: "swift package resolve",
    test: "swift test",
    ...(name === undefined
      ? { kind: "library" as const }
      : /swift-argument-parser/.test(code) && framework === undefined
        ? { kind: "cli" as const }
        : {
            kind: framework === undefined ? undefined : ("api" as const),
            build: "swift build -c release",
            start: `./.build/release/${name}${flags}`,
            port: framework === undefined ? undefined : 8080,
          }),
  };
};

/** Zig: the executable of `build.zig`. */
export const zig: SimpleLanguage = (view) => {
  const own = ownFile(view, "build.zig");
  if (!own) return undefined;
  const code = view.snapshot.code(own.file)?.code ?? "";
  const name = /addExecutable\s*\([^;]*?\.name\s*=\s*"([^"]+)"/.exec(code)?.[1];
  const manifest = ownFile(view, "build.zig.zon")?.text ?? "";
  const framework = mentioned(manifest, { jetzig: /\.jetzig\b/, zap: /\.zap\b/, httpz: /\.httpz\b/ });
  return {
    language: "Zig",
    runtime: { name: "zig", version: /\.minimum_zig_version\s*=\s*"([^"]+)"/.exec(manifest)?.[1] },
    at: view.seen(own.file, 1, "build"),
    declared: true,
    name,
    packageManager: "zig",
    framework,
    test: "zig build test",
    ...(name === undefined
      ? { kind: "library" as const }
      : {
          kind: framework === undefined ? undefined : ("api" as const),
          build: "zig build -Doptimize=ReleaseSafe",
          start: `./zig-out/bin/${name}`,
        }),
  };
};

/** V: the module in the folder. */
export const vlang: SimpleLanguage = (view) => {
  const own = ownFile(view, "v.mod");
  if (!own) return undefined;
  const name = /\bname:\s*'([^']+)'/.exec(own.text)?.[1];
  const main = view.sources.find(
    (file) => file.endsWith(".v") && /^fn\s+main\s*\(/m.test(view.snapshot.text(file) ?? ""),
  );
  const web = view.sources.some((file) =>
    /^import\s+(?:vweb|veb)\b/m.test(file.endsWith(".v") ? (view.snapshot.text(file) ?? "") : ""),
  );
  return {
    language: "V",
    runtime: { name: "v" },
    at: view.seen(own.file, 1, "module"),
    declared: true,
    name,
    packageManager: "vpm",
    framework: web ? "veb" : undefined,
    ...(main === undefined
      ? { kind: "library" as const }
      : { kind: web ? ("web" as const) : undefined, build: "v -prod -o app .", start: "./app" }),
  };
};

/** Ballerina: the package is built into one jar. */
export const ballerina: SimpleLanguage = (view) => {
  const own = ownFile(view, "Ballerina.toml");
  if (!own) return undefined;
  const name = stringAt(view.snapshot.toml(own.file).value, ["package", "name"]);
  const code = view.sources.filter((file) => file.endsWith(".bal")).map((file) => view.snapshot.text(file) ?? "");
  const serves = code.some((text) => /^[^\S\n]*(?:isolated\s+)?service\b/m.test(text));
  const runs =
    name !== undefined && (serves || code.some((text) => /^[^\S\n]*public\s+function\s+main\s*\(/m.test(text)));
  return {
    language: "Ballerina",
    runtime: { name: "java" },
    at: view.seen(own.file, 1, "package"),
    declared: true,
    name,
    packageManager: "ballerina",
    test: "bal test",
    ...(runs
      ? {
          kind: serves ? ("api" as const) : undefined,
          build: "bal build",
          start: `java -jar target/bin/${name}.jar`,
          port: serves ? 9090 : undefined,
        }
      : { kind: "library" as const }),
  };
};

/** D: the program of the package. */
export const dlang: SimpleLanguage = (view) => {
  const own = ownFile(view, "dub.json", "dub.sdl");
  if (!own) return undefined;
  const json = own.file.endsWith(".json") ? view.snapshot.json(own.file).value : undefined;
  const sdl = (key: string) => new RegExp(`^${key}\\s+"([^"]+)"`, "m").exec(own.text)?.[1];
  const name = stringAt(json, ["name"]) ?? sdl("name");
  const target = stringAt(json, ["targetName"]) ?? sdl("targetName") ?? name;
  const type = stringAt(json, ["targetType"]) ?? sdl("targetType");
  const framework = /\bvibe-(?:d|http)\b/.test(own.text) ? "vibe-d" : undefined;
  const runs =
    target !== undefined &&
    type !== "library" &&
    ownFile(view, "source/app.d", "src/app.d", "source/main.d") !== undefined;
  return {
    language: "D",
    runtime: { name: "d" },
    at: view.seen(own.file, 1, "dub"),
    declared: true,
    name,
    packageManager: "dub",
    framework,
    test: "dub test",
    ...(runs
      ? { kind: framework && "web", build: "dub build -b release", start: `./${target}`, port: framework && 8080 }
      : { kind: "library" as const }),
  };
};

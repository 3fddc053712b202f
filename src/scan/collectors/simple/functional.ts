import { recordAt, stringAt } from "../../../formats/document.ts";
import { mentioned, ownEnding, ownFile, type SimpleLanguage } from "./model.ts";

const HASKELL_FRAMEWORKS = {
  ihp: /\bihp\b/,
  yesod: /\byesod\b/,
  servant: /\bservant-server\b/,
  scotty: /\bscotty\b/,
  spock: /\bSpock\b/,
  snap: /\bsnap-server\b/,
  warp: /\bwarp\b/,
};

/** Haskell with Stack, or with Cabal alone. */
export const haskell: SimpleLanguage = (view) => {
  const stack = ownFile(view, "stack.yaml");
  const cabal = ownEnding(view, ".cabal");
  const own = cabal ?? stack;
  if (!own) return undefined;
  const hpack = ownFile(view, "package.yaml");
  const value = hpack && view.snapshot.yaml(hpack.file).value;
  const code = `${cabal?.text.replace(/^[^\S\n]*--.*$/gm, "") ?? ""}\n${hpack?.text.replace(/(?:^|\s)#.*$/gm, "") ?? ""}`;
  const name = /^[^\S\n]*executable\s+([\w'-]+)/im.exec(code)?.[1] ?? Object.keys(recordAt(value, ["executables"]))[0];
  const found = mentioned(code, HASKELL_FRAMEWORKS);
  // Warp of Haskell is a server, not the framework of Rust.
  const framework = found === "warp" ? undefined : found;
  return {
    language: "Haskell",
    runtime: { name: "haskell", version: stringAt(stack && view.snapshot.yaml(stack.file).value, ["resolver"]) },
    at: view.seen(own.file, 1, "package"),
    declared: true,
    name: stringAt(value, ["name"]) ?? /^name:\s*(\S+)/im.exec(code)?.[1],
    packageManager: stack ? "stack" : "cabal",
    framework,
    install: stack ? "stack build --only-dependencies" : "cabal build all --only-dependencies",
    test: stack ? "stack test" : "cabal test",
    ...(name === undefined
      ? { kind: "library" as const }
      : {
          kind: found === undefined ? undefined : ("api" as const),
          build: stack
            ? "stack build --copy-bins --local-bin-path bin"
            : `cabal install exe:${name} --installdir=bin --install-method=copy --overwrite-policy=always`,
          start: `./bin/${name}`,
        }),
  };
};

/** OCaml built by dune. */
export const ocaml: SimpleLanguage = (view) => {
  const own = ownFile(view, "dune-project");
  if (!own) return undefined;
  const rules = view.files.filter((file) => /(?:^|\/)dune$/.test(file) && !/(?:^|\/)test\//.test(file));
  const inside = (path: string) => (view.unit.path === "." ? path : path.slice(view.unit.path.length + 1));
  const found = rules
    .map((file) => ({
      file,
      name: /\(executables?\s[\s\S]*?\(names?\s+([\w]+)/.exec(view.snapshot.text(file) ?? "")?.[1],
    }))
    .find(({ name }) => name !== undefined);
  const words = [own.text, ...rules.map((file) => view.snapshot.text(file) ?? "")].join("\n");
  const framework = mentioned(words, { dream: /\bdream\b/, opium: /\bopium\b/ });
  return {
    language: "OCaml",
    runtime: { name: "ocaml" },
    at: view.seen(own.file, 1, "dune"),
    declared: true,
    name: /\(name\s+([\w-]+)\)/.exec(own.text)?.[1],
    packageManager: "opam",
    framework,
    install: "opam install . --deps-only --yes",
    test: "dune test",
    ...(found === undefined
      ? { kind: "library" as const }
      : {
          kind: framework === undefined ? undefined : ("api" as const),
          build: "dune build --release",
          start: `./_build/default/${inside(found.file).replace(/dune$/, "")}${found.name}.exe`,
          port: framework === "dream" ? 8080 : framework === "opium" ? 3000 : undefined,
        }),
  };
};

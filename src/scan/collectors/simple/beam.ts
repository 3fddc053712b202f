import { stringAt } from "../../../formats/document.ts";
import { mentioned, ownFile, type SimpleLanguage } from "./model.ts";

/** Gleam: a shipment of Erlang is what its documentation deploys. */
export const gleam: SimpleLanguage = (view) => {
  const own = ownFile(view, "gleam.toml");
  if (!own) return undefined;
  const { value } = view.snapshot.toml(own.file);
  const name = stringAt(value, ["name"]);
  const runs = name !== undefined && /\bpub\s+fn\s+main\s*\(/.test(ownFile(view, `src/${name}.gleam`)?.text ?? "");
  const framework = mentioned(own.text, { lustre: /^lustre\s*=/m, wisp: /^wisp\s*=/m, mist: /^mist\s*=/m });
  return {
    language: "Gleam",
    runtime: { name: "gleam", version: stringAt(value, ["gleam"]) },
    at: view.seen(own.file, 1, "gleam"),
    declared: true,
    name,
    packageManager: "gleam",
    framework,
    install: "gleam deps download",
    test: "gleam test",
    ...(runs
      ? {
          build: "gleam export erlang-shipment",
          start: "./build/erlang-shipment/entrypoint.sh run",
          kind: framework === undefined ? undefined : ("api" as const),
        }
      : { kind: "library" as const }),
  };
};

/** Erlang: a release of rebar3 where the file describes one. */
export const erlang: SimpleLanguage = (view) => {
  const own = ownFile(view, "rebar.config");
  if (!own || ownFile(view, "mix.exs", "gleam.toml")) return undefined;
  const code = own.text.replace(/%.*$/gm, "");
  const name = /\{\s*release\s*,\s*\{\s*'?([\w]+)'?/.exec(code)?.[1];
  const production = /\{\s*prod\s*,/.test(code);
  const framework = mentioned(code, { cowboy: /\bcowboy\b/, elli: /\belli\b/ });
  return {
    language: "Erlang",
    runtime: { name: "erlang" },
    at: view.seen(own.file, 1, "rebar"),
    declared: true,
    name,
    packageManager: "rebar3",
    framework,
    install: "rebar3 get-deps",
    test: "rebar3 eunit",
    kind: name === undefined ? "library" : framework === undefined ? undefined : "api",
    ...(name !== undefined && {
      build: production ? "rebar3 as prod release" : "rebar3 release",
      start: `./_build/${production ? "prod" : "default"}/rel/${name}/bin/${name} foreground`,
    }),
  };
};

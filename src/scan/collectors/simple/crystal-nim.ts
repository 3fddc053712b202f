import { recordAt, stringAt } from "../../../formats/document.ts";
import { mentioned, ownEnding, ownFile, type SimpleLanguage } from "./model.ts";

/** Crystal: the first target of the shard. */
export const crystal: SimpleLanguage = (view) => {
  const own = ownFile(view, "shard.yml");
  if (!own) return undefined;
  const { value } = view.snapshot.yaml(own.file);
  const name = stringAt(value, ["name"]);
  const targets = Object.keys(recordAt(value, ["targets"]));
  const target = targets.find((each) => each === name) ?? targets[0];
  const dependencies = Object.keys(recordAt(value, ["dependencies"]));
  const framework = ["lucky", "amber", "kemal", "grip", "athena"].find((each) => dependencies.includes(each));
  const main = target === undefined && framework !== undefined ? ownFile(view, `src/${name}.cr`) : undefined;
  const runs = target ?? (main ? name : undefined);
  return {
    language: "Crystal",
    runtime: {
      name: "crystal",
      version: ownFile(view, ".crystal-version")?.text.trim() || stringAt(value, ["crystal"]),
    },
    at: view.seen(own.file, 1, "shard"),
    declared: true,
    name,
    packageManager: "shards",
    framework,
    install: "shards install --production",
    test: "crystal spec",
    ...(runs === undefined
      ? { kind: "library" as const }
      : {
          kind: framework === undefined ? undefined : ("web" as const),
          build:
            target === undefined
              ? `crystal build --release -o bin/${runs} src/${name}.cr`
              : `shards build ${target} --release --production`,
          start: `./bin/${runs}`,
          port: framework === "kemal" ? 3000 : undefined,
        }),
  };
};

/** Nim: the first program of the package. */
export const nim: SimpleLanguage = (view) => {
  const own = ownEnding(view, ".nimble");
  if (!own) return undefined;
  const code = own.text.replace(/#.*$/gm, "");
  const bin = /^[^\S\n]*bin\s*=\s*@\[\s*"([^"]+)"/m.exec(code)?.[1];
  const folder = /^[^\S\n]*binDir\s*=\s*"([^"]+)"/m.exec(code)?.[1];
  const framework = mentioned(code, { prologue: /"prologue\b/, jester: /"jester\b/ });
  return {
    language: "Nim",
    runtime: { name: "nim", version: /requires\s+"nim\s*([><=~^]*\s*[\d.]+)/.exec(code)?.[1]?.replace(/\s/g, "") },
    at: view.seen(own.file, 1, "nimble"),
    declared: true,
    name: bin,
    packageManager: "nimble",
    framework,
    install: "nimble install -y --depsOnly",
    test: "nimble test",
    ...(bin === undefined
      ? { kind: "library" as const }
      : {
          kind: framework === undefined ? undefined : ("api" as const),
          build: "nimble build -y -d:release",
          start: `./${folder ? `${folder}/` : ""}${bin}`,
          port: framework === "jester" ? 5000 : framework === "prologue" ? 8080 : undefined,
        }),
  };
};

import { isRecord, listAt, recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../formats/tree.ts";
import { portOf } from "../../command-line.ts";
import { imageStore } from "./images/stores.ts";
import { filesLike } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { healthPath, tellDockerfile, tellProcess, tellStart, tellVariable } from "./tell.ts";
import { tellStore } from "./tell-store.ts";

/** `config/deploy.yml` of Kamal; Capistrano's is a program, and others use the name for what they like. */
export const kamal: Platform = {
  id: "kamal",
  reads: ["config/deploy.yml"],
  find: (snapshot) =>
    filesLike(snapshot, /^deploy\.ya?ml$/).filter((file) => {
      const text = baseOf(folderOf(file)) === "config" ? (snapshot.text(file) ?? "") : "";
      return /^service:/m.test(text) && /^image:/m.test(text);
    }),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  const home = folderOf(folderOf(file));
  const folder = joinPath(home, `./${stringAt(value, ["builder", "context"]) ?? ""}`);
  const told = { file, folder };
  const about = site.about(file, folder);
  for (const path of [
    ["proxy", "app_port"],
    ["healthcheck", "port"],
  ])
    about.claim("port", portOf(stringAt(value, path) ?? ""), { ...seen(...path), rule: "port" });
  for (const path of [
    ["proxy", "healthcheck", "path"],
    ["healthcheck", "path"],
  ])
    about.claim("health", healthPath(stringAt(value, path)), { ...seen(...path), rule: "health" });
  const dockerfile = stringAt(value, ["builder", "dockerfile"]);
  if (dockerfile !== undefined)
    tellDockerfile(site, about, joinPath(home, `./${dockerfile}`), seen("builder", "dockerfile"));
  for (const name of Object.keys(recordAt(value, ["servers"]))) {
    const command = stringAt(value, ["servers", name, "cmd"]);
    const at = seen("servers", name, "cmd");
    if (command !== undefined && name === "web") tellStart(site, told, command, at);
    else tellProcess(site, { ...told, names: [name] }, name, command, at);
  }
  const clear =
    valueAt(value, ["env", "clear"]) ?? (isRecord(valueAt(value, ["env", "secret"])) ? {} : valueAt(value, ["env"]));
  for (const name of Object.keys(recordAt(clear)))
    if (name !== "secret" && name !== "clear" && name !== "tags") tellVariable(about, name, seen("env", "clear", name));
  for (const [index, name] of listAt(value, ["env", "secret"]).entries())
    if (typeof name === "string") tellVariable(about, name.split(":")[0] ?? name, seen("env", "secret", index));
  for (const [name, accessory] of Object.entries(recordAt(value, ["accessories"]))) {
    const store = imageStore(stringAt(accessory, ["image"]) ?? "");
    if (store) tellStore(about, { ...store, variable: null }, seen("accessories", name, "image"));
  }
}

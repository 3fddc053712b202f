import { isRecord, listAt, stringAt } from "../../../formats/document.ts";
import { baseOf, folderOf } from "../../../formats/tree.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { type ComposeFile, type ComposeService, composeOf, environmentOf, mountsOf } from "./model.ts";

/** What a Compose file is for; undefined where neither its name nor what it says tells. */
export type Purpose = "production" | "development" | "test";

const NAMES: readonly (readonly [Purpose, RegExp])[] = [
  ["test", /(?:^|[._-])(?:tests?|testing|ci|e2e|integration|bench)(?:[._-]|$)/i],
  ["development", /(?:^|[._-])(?:dev|develop|development|local|debug|override|devcontainer|watch|tools?)(?:[._-]|$)/i],
  [
    "production",
    /(?:^|[._-])(?:prod|production|prd|live|deploy|deployment|release|staging|stage|server|swarm|stack)(?:[._-]|$)/i,
  ],
];
const FOLDERS: readonly (readonly [Purpose, RegExp])[] = [
  ["test", /^(?:tests?|e2e|ci|fixtures|testdata)$/i],
  ["development", /^(?:\.devcontainer|dev|development|local|examples?|samples?|docs|demo)$/i],
  ["production", /^(?:prod|production|deploy|deployment|staging)$/i],
];
const WORK_COMMAND =
  /nodemon|--reload\b|\brun (?:start:)?(?:dev|watch)\b|start:dev|\brunserver\b|flask run|ts-node-dev|\bwatch\b|\bair\b|debugpy|--inspect|rails s(?:erver)?\b|\bdev\b/;
const WORK_IMAGE =
  /(?:^|\/)(?:mailhog|mailpit|maildev|mailcatcher|adminer|pgadmin4|phpmyadmin|mongo-express|localstack|redisinsight|redis-commander)(?:[:@/]|$)/i;

/** What a file is for, by its name, else by what its services say. */
export function purposeOf(compose: ComposeFile, context: Pick<RuleContext, "files">): Purpose | undefined {
  const named = nameOf(compose.file);
  if (named) return named;
  // What is only for production stands in the file that is laid over this one.
  const others = context.files.filter(
    ({ kind, path }) => kind === "compose" && folderOf(path) === folderOf(compose.file.path),
  );
  if (
    others.some(
      (file) => file !== compose.file && nameOf(file) === "production" && composeOf(file, context).base === compose,
    )
  )
    return undefined;
  const { services } = compose;
  if (services.some(isForWork)) return "development";
  return services.some(isForProduction) ? "production" : undefined;
}

/** Whether the name itself says production: then what is missing is surely missing. */
export function isNamedProduction({ file }: ComposeFile): boolean {
  return nameOf(file) === "production";
}

function nameOf({ path }: LintFile): Purpose | undefined {
  const base = baseOf(path)
    .replace(/\.ya?ml$/, "")
    .replace(/(?:docker-)?compose/, "");
  const folder = baseOf(folderOf(path));
  return NAMES.find(([, name]) => name.test(base))?.[0] ?? FOLDERS.find(([, name]) => name.test(folder))?.[0];
}

function isForWork({ value }: ComposeService): boolean {
  if ("develop" in value || WORK_IMAGE.test(stringAt(value, ["image"]) ?? "")) return true;
  if (/^dev/i.test(stringAt(value, ["build", "target"]) ?? "")) return true;
  const env = environmentOf(value);
  if (
    env.some(
      ({ name, value: set }) =>
        /(?:^|_)(?:NODE_ENV|APP_ENV|RAILS_ENV|FLASK_ENV|ENV|ENVIRONMENT|MIX_ENV)$/.test(name) &&
        /^dev|^local/i.test(set ?? ""),
    )
  )
    return true;
  if (
    env.some(
      ({ name, value: set }) => /^(?:FLASK_DEBUG|DEBUG|DJANGO_DEBUG)$/.test(name) && /^(?:1|true|on)$/i.test(set ?? ""),
    )
  )
    return true;
  const command = [value.command ?? []].flat().join(" ");
  if (WORK_COMMAND.test(command)) return true;
  // The code itself is mounted over that of the image.
  return (
    "build" in value &&
    mountsOf(value).some(({ kind, source = "", target }) => kind === "bind" && isCode(source, target))
  );
}

function isCode(source: string, target: string): boolean {
  if (!/^\.{1,2}(?:\/|$)|^\$\{?PWD/.test(source) || /\.\w{1,6}$|\.sock$/.test(target)) return false;
  return !/(?:^|\/)(?:data|logs?|uploads?|storage|certs?|ssl|conf(?:ig)?|config\.d|secrets?|backups?|media|volumes?|\.?data)(?:\/|$)/i.test(
    source,
  );
}

function isForProduction({ value }: ComposeService): boolean {
  if (/^(?:always|unless-stopped)/.test(stringAt(value, ["restart"]) ?? "") && ("build" in value || "image" in value))
    return true;
  if (value.read_only === true || listAt(value, ["cap_drop"]).length > 0 || listAt(value, ["security_opt"]).length > 0)
    return true;
  if (isRecord(value.deploy)) return true;
  return environmentOf(value).some(
    ({ name, value: set }) => /(?:^|_)ENV(?:IRONMENT)?$/.test(name) && /^prod/i.test(set ?? ""),
  );
}

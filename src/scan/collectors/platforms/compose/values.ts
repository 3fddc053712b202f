import { isRecord, listAt, type Path, recordAt, stringAt } from "../../../../formats/document.ts";
import { portOf } from "../../../command-line.ts";
import type { Written } from "../commands/words.ts";
import { textOfValue, textsAt } from "../texts.ts";
import { type ComposeService, withoutDefault } from "./model.ts";

/** A value with where it stands in its service. */
export interface At<T> {
  value: T;
  path: Path;
}

/** Variables that a service is given, in either form; null where it takes the value from outside. */
export function environmentOf({ value }: ComposeService): (At<string | null> & { name: string })[] {
  const listed = listAt(value, ["environment"]).flatMap((item, index) => {
    const [, name, text = null] = /^([^=\s]+)(?:=(.*))?$/s.exec(typeof item === "string" ? item : "") ?? [];
    return name === undefined ? [] : [{ name, value: text, path: ["environment", index] }];
  });
  const named = Object.entries(recordAt(value, ["environment"])).map(([name, item]) => ({
    name,
    value: textOfValue(item) ?? null,
    path: ["environment", name],
  }));
  return [...listed, ...named];
}

const DEBUGGERS = new Set([22, 2345, 5005, 5678, 9003, 9229, 9230, 24678, 35729, 40000]);

/** The port that a service listens on in its container: what it publishes or exposes, the one of `PORT` first. */
export function targetPort(service: ComposeService): At<number> | undefined {
  const { value } = service;
  const lists = ["ports", "expose"].flatMap((key) =>
    listAt(value, [key]).flatMap((item, index): At<number>[] => {
      const port = isRecord(item) ? portOf(stringAt(item, ["target"]) ?? "") : portIn(stringAt(item) ?? "");
      return port === undefined || DEBUGGERS.has(port) ? [] : [{ value: port, path: [key, index] }];
    }),
  );
  const own = environmentOf(service).find(({ name }) => name === "PORT");
  const port = portOf(withoutDefault(own?.value ?? ""));
  return (
    lists.find((one) => one.value === port) ??
    lists[0] ??
    (own && port !== undefined ? { value: port, path: own.path } : undefined)
  );
}

/** The last part of `127.0.0.1:8080:80/tcp`. */
function portIn(text: string): number | undefined {
  const [, digits = ""] = /(?:^|:)(\d+)(?:-\d+)?(?:\/tcp)?$/.exec(withoutDefault(text).trim()) ?? [];
  return portOf(digits);
}

/** What a service runs, where the file says it: entrypoint and command together. */
export function writtenCommand({ value }: ComposeService): (At<Written> & { written: Written }) | undefined {
  const part = (key: string): Written | undefined => {
    const list = textsAt(value, [key]);
    const line = stringAt(value, [key]);
    return list.length > 0 ? list.map(unescaped) : line && unescaped(line);
  };
  const entrypoint = part("entrypoint");
  const command = part("command");
  if (entrypoint === undefined && command === undefined) return undefined;
  const written =
    entrypoint === undefined || command === undefined
      ? (command ?? entrypoint ?? "")
      : [...words(entrypoint), ...words(command)];
  return { value: written, written, path: [command === undefined ? "entrypoint" : "command"] };
}

/** The command of a health check. */
export function checkOf({ value }: ComposeService): string | undefined {
  const list = textsAt(value, ["healthcheck", "test"]);
  return list.length > 0 ? list.join(" ") : stringAt(value, ["healthcheck", "test"]);
}

/** Services that a service waits for. */
export function neededBy({ value }: ComposeService): string[] {
  const links = textsAt(value, ["links"]).map((link) => link.split(":")[0] ?? "");
  return [...textsAt(value, ["depends_on"]), ...Object.keys(recordAt(value, ["depends_on"])), ...links];
}

/** Paths in the container where a service keeps named volumes. */
export function namedVolumes({ value }: ComposeService): At<string>[] {
  return listAt(value, ["volumes"]).flatMap((item, index): At<string>[] => {
    const short = /^[A-Za-z][\w-]*:(\/[^:]+)/.exec(typeof item === "string" ? item : "")?.[1];
    const path = short ?? (isRecord(item) && item.type === "volume" ? stringAt(item, ["target"]) : undefined);
    return path === undefined || /node_modules|\.next|\.venv|venv|vendor|cache|\.gradle|\.m2/.test(path)
      ? []
      : [{ value: path, path: ["volumes", index] }];
  });
}

/** The folder of the host that a service mounts as its code. */
export function mountedFolder({ value }: ComposeService): string | undefined {
  const mounts = listAt(value, ["volumes"]).map((item) =>
    isRecord(item) ? `${stringAt(item, ["source"])}:${stringAt(item, ["target"])}` : (textOfValue(item) ?? ""),
  );
  return mounts
    .map(
      (mount) =>
        /^(\.{1,2}(?:\/[^:]*)?):\/(?:app|src|usr\/src|code|var\/www|workspace|home|opt|srv|work|www)/.exec(mount)?.[1],
    )
    .find((path) => path !== undefined);
}

/** `$$` is a dollar for the shell. */
function unescaped(text: string): string {
  return text.replaceAll("$$", "$");
}

function words(written: Written): readonly string[] {
  return typeof written === "string" ? written.split(/\s+/) : written;
}

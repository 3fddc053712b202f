import { isRecord, listAt, type Path, stringAt } from "../../../formats/document.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import { complain } from "../places.ts";
import { imageOf, isOneShot, knownImageOf } from "./images.ts";
import { type ComposeFile, type ComposeService, composeOf, environmentOf, mountsOf } from "./model.ts";
import { purposeOf } from "./purpose.ts";

/** SM16 */
export const state: Rule = {
  id: "SM16",
  title: "named volumes for state; in production no host port for databases, and restarts",
  help: "Without a volume the data go with the container. A published port of a database is open to the whole network, past the firewall of the host.",
  severity: "warning",
  cis: "docker 5.14",
  origins: [],
  kinds: ["compose"],
  check(file, context) {
    const compose = composeOf(file, context);
    const purpose = purposeOf(compose, context);
    if (purpose === "test") return [];
    return compose.services.flatMap((service) => [
      ...volumes(compose, service, purpose === "production"),
      ...(purpose === "production" ? [...published(compose, service), ...restarts(compose, service)] : []),
    ]);
  },
};

function volumes({ document }: ComposeFile, service: ComposeService, production: boolean): Complaint[] {
  const { value, path, name, open } = service;
  const data = knownImageOf(service)?.data;
  if (data === undefined || open || isOneShot(service)) return [];
  const inMemory = [value.tmpfs ?? []].flat().some((target) => touches(String(target), data));
  const mount = mountsOf(value).find(({ target }) => touches(target, data));
  if (inMemory || mount?.kind === "tmpfs" || "volumes_from" in value) return [];
  if (!mount) return [complain(document, path, `${name} keeps its data in the container: give ${data} a named volume`)];
  const missed = missedFolder(service, mount.target);
  if (missed)
    return [complain(document, [...path, ...mount.path], `${name} keeps its data in the container: ${missed}`)];
  if (mount.kind === "anonymous")
    return [
      complain(
        document,
        [...path, ...mount.path],
        `a volume without a name is lost with the container: name it, such as ${name}-data:${mount.target}`,
      ),
    ];
  if (!production || mount.kind !== "bind" || !/^\./.test(mount.source ?? "")) return [];
  return [
    complain(
      document,
      [...path, ...mount.path],
      `the data of ${name} lie beside the Compose file: a named volume keeps them apart from deployments`,
      { severity: "note" },
    ),
  ];
}

const POSTGRES_HOME = "/var/lib/postgresql";
/** From this version on its image keeps the data of each version in a folder of its own. */
const OWN_FOLDERS = 18;

/** PostgreSQL moved its data up by one folder; the image has a volume of its own at the right place, so that the wrong one stays empty. */
function missedFolder(service: ComposeService, target: string): string | undefined {
  const image = imageOf(service.value) ?? "";
  const version = Number(
    /^(?:(?:docker\.io\/)?(?:library\/)?postgres:|(?:\S+\/)?pgvector:(?:\S+-)?pg)(\d+)/.exec(image)?.[1],
  );
  const moved = environmentOf(service.value).some(({ name }) => name === "PGDATA");
  const at = target.replace(/\/$/, "");
  if (!version || moved || (at !== POSTGRES_HOME && at !== `${POSTGRES_HOME}/data`)) return undefined;
  const right = version >= OWN_FOLDERS ? POSTGRES_HOME : `${POSTGRES_HOME}/data`;
  return at === right ? undefined : `PostgreSQL ${version} writes to ${right}, so mount the volume there`;
}

/** Whether a mount holds the data: the folder itself, one above or one in it. */
function touches(target: string, data: string): boolean {
  const clean = target.replace(/:.*$/, "").replace(/\/$/, "");
  return clean === data || clean.startsWith(`${data}/`) || data.startsWith(`${clean}/`);
}

function published({ document }: ComposeFile, service: ComposeService): Complaint[] {
  const kind = knownImageOf(service)?.kind;
  if (kind === undefined || kind === "proxy") return [];
  return listAt(service.own, ["ports"]).flatMap((port, index) => {
    if (!isOpen(port)) return [];
    const at: Path = [...service.path, "ports", index];
    return [
      complain(
        document,
        at,
        `${service.name} is open to the network of the host: other services reach it without a published port`,
      ),
    ];
  });
}

/** Whether a port is published on other addresses than loopback. */
function isOpen(port: unknown): boolean {
  if (isRecord(port))
    return port.published !== undefined && !/^(?:127\.|::1|localhost)/.test(stringAt(port, ["host_ip"]) ?? "");
  const text = String(port);
  return text.replace(/\$\{[^}]*\}/g, "x").includes(":") && !/^(?:127\.|\[?::1|localhost)/.test(text);
}

function restarts({ document }: ComposeFile, service: ComposeService): Complaint[] {
  const { value, path, name, open } = service;
  const deployed =
    isRecord(value.deploy) &&
    ("restart_policy" in value.deploy || "mode" in value.deploy || "replicas" in value.deploy);
  if (open || isOneShot(service) || "restart" in value || deployed) return [];
  return [
    complain(document, path, `${name} stays down after a crash or a restart of the host: restart: unless-stopped`),
  ];
}

import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { dockerfileOf, inheritedInstructions } from "../../dockerfile.ts";
import type { Complaint } from "../../finding.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { complain } from "../places.ts";
import { isOneShot, knownImageOf, shortImage } from "./images.ts";
import { type ComposeFile, type ComposeService, composeOf, dependenciesOf } from "./model.ts";
import { purposeOf } from "./purpose.ts";

const PROBES: Record<string, string> = {
  postgres: "pg_isready -U $$POSTGRES_USER",
  mysql: "mysqladmin ping",
  mariadb: "healthcheck.sh --connect --innodb_initialized",
  mongo: "mongosh --eval 'db.runCommand(\"ping\").ok'",
  redis: "redis-cli ping",
  rabbitmq: "rabbitmq-diagnostics -q ping",
};

/** SM15 */
export const health: Rule = {
  id: "SM15",
  title: "a health check per service, and depends_on that waits for it",
  help: "`depends_on` alone waits until the other container exists, not until it answers: the first connections fail.",
  severity: "warning",
  origins: [],
  kinds: ["compose"],
  check(file, context) {
    const compose = composeOf(file, context);
    const purpose = purposeOf(compose, context);
    if (purpose === "test") return [];
    // Where people work, a check serves only those that wait for it.
    const awaited = new Set(compose.services.flatMap(({ value }) => dependenciesOf(value).map(({ name }) => name)));
    return compose.services.flatMap((service) => [
      ...(purpose === "development" && !awaited.has(service.name) ? [] : missing(compose, service, context)),
      ...waiting(compose, service),
    ]);
  },
};

function missing(compose: ComposeFile, service: ComposeService, context: RuleContext): Complaint[] {
  const { value, path, name, open } = service;
  const off = recordAt(value, ["healthcheck"]).disable === true;
  if (open || ("healthcheck" in value && !off) || isOneShot(service) || !isServer(service, context)) return [];
  if (buildsWithCheck(compose, service, context)) return [];
  const known = knownImageOf(service);
  if (known?.kind === "proxy") return [];
  // A check of another image cannot be seen: then only what is known to be ours is asked for one.
  if (!known && !("build" in value) && !context.services.some((expected) => expected.name === name)) return [];
  const probe = PROBES[shortImage(value)];
  const how = probe ? `, such as ${probe}` : "";
  return [
    complain(
      compose.document,
      path,
      `${name} has no healthcheck: what depends on it cannot wait until it answers${how}`,
    ),
  ];
}

/** Whether others connect to it. */
function isServer({ name, value }: ComposeService, { services }: RuleContext): boolean {
  const expected = services.find((service) => service.name === name);
  if (expected) return expected.network;
  return (
    knownImageOf({ value }) !== undefined || listAt(value, ["ports"]).length > 0 || listAt(value, ["expose"]).length > 0
  );
}

/** Whether the Dockerfile of a service has the check. */
function buildsWithCheck({ file }: ComposeFile, { value }: ComposeService, { files }: RuleContext): boolean {
  const { build } = value;
  if (build === undefined) return false;
  const context = typeof build === "string" ? build : (stringAt(build, ["context"]) ?? ".");
  const folder = joinPath(folderOf(file.path), context);
  const path = folder && joinPath(folder, stringAt(build, ["dockerfile"]) ?? "Dockerfile");
  const dockerfile = files.find((other) => other.kind === "dockerfile" && other.path === path);
  // Of what cannot be seen nothing is said.
  if (!dockerfile) return true;
  const document = dockerfileOf(dockerfile);
  const target = stringAt(build, ["target"])?.toLowerCase();
  const stage =
    document.stages.find(({ name }) => target !== undefined && name?.toLowerCase() === target) ??
    document.stages.at(-1);
  if (!stage) return true;
  const last = inheritedInstructions(document, stage).findLast(({ keyword }) => keyword === "HEALTHCHECK");
  return last !== undefined && !/^none$/i.test(last.argument);
}

function waiting({ services, document, base }: ComposeFile, { own, path, name }: ComposeService): Complaint[] {
  const all = [...services, ...(base?.services ?? [])];
  return dependenciesOf(own).flatMap(({ name: other, condition, path: at }) => {
    const target = all.find((service) => service.name === other);
    if (condition === "service_healthy" || condition === "service_completed_successfully" || !target) return [];
    const checked = "healthcheck" in target.value && recordAt(target.value, ["healthcheck"]).disable !== true;
    const store = knownImageOf(target);
    if (!checked && (!store || store.kind === "proxy")) return [];
    const also = checked ? "" : ", with a healthcheck there";
    return [
      complain(
        document,
        [...path, ...at],
        `${name} does not wait until ${other} answers: condition: service_healthy${also}`,
      ),
    ];
  });
}

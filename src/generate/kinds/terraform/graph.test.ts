import { parse } from "@cdktf/hcl2json";
import { expect, test } from "vitest";
import { type HclBlock, readHcl } from "../../../formats/hcl/read.ts";
import type { Plan } from "../../plan.ts";
import { service } from "../../testing.ts";
import { terraform } from "./kind.ts";
import { cloudPlan, PLANS } from "./testing.ts";

const LONG = "notification-and-reminder-delivery-service";
/** Names that are long, begin alike, or are those of resources that the files have anyway. */
const NAMES: Record<string, Partial<Plan>> = {
  "long names": {
    project: "a-project-whose-name-nobody-can-remember",
    services: [
      service(`${LONG}-api`, { state: ["data"], processes: [{ name: "a-worker-with-a-long-name", command: "w" }] }),
      service(`${LONG}-pages`, { role: "static", start: null, output: "dist" }),
      service(`${LONG}-docs`, { role: "static", start: null, output: "dist" }),
      service(`${LONG}-clean`, {
        state: ["data"],
        migrations: { tool: "x", command: "migrate" },
        crons: [{ name: "every-night-at-three", schedule: "0 3 * * *", command: "x" }],
      }),
    ],
  },
  "short names": { services: [service("a"), service("b", { role: "worker", port: null, health: null })] },
  "names of resources": {
    services: ["balancer", "cache", "cache-ca", "db", "deploy", "files", "flow", "github", "insights", "logs"]
      .concat("pages", "redirect", "registry", "scheduler", "services", "vault", "web", "apps", "endpoints")
      .concat("db-password", "db-store", "cache-store")
      .map((name) => service(name)),
  },
  "names of programs": {
    services: [
      service("api", {
        processes: [{ name: "worker", command: "w" }],
        migrations: { tool: "x", command: "migrate" },
      }),
      service("api-worker"),
      service("API_Worker"),
      service("api-migrate", { dependsOn: ["api-worker"] }),
    ],
  },
};
const CASES = (["aws", "gcp", "azure"] as const).flatMap((provider) =>
  Object.entries({ ...PLANS, ...NAMES }).map(([name, given]) => ({ provider, name, plan: cloudPlan(provider, given) })),
);

/** Shortest and longest name, and what it may be made of, as the documentation of each service says. */
const LOWER = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const LIMITS: Record<string, [attribute: string, least: number, most: number, form: RegExp]> = {
  aws_lb: ["name", 1, 32, /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/],
  aws_iam_role: ["name", 1, 64, /^[\w+=,.@-]+$/],
  aws_iam_policy: ["name", 1, 128, /^[\w+=,.@-]+$/],
  aws_s3_bucket: ["bucket", 3, 63, LOWER],
  aws_ecr_repository: ["name", 2, 256, /^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/],
  aws_scheduler_schedule: ["name", 1, 64, /^[\w.-]+$/],
  aws_cloudfront_origin_access_control: ["name", 1, 64, /^.+$/],
  aws_cloudfront_function: ["name", 1, 64, /^[\w-]+$/],
  aws_db_instance: ["identifier", 1, 63, LOWER],
  aws_elasticache_replication_group: ["replication_group_id", 1, 40, LOWER],
  aws_security_group: ["name", 1, 255, /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/],
  google_service_account: ["account_id", 6, 30, LOWER],
  google_cloud_run_v2_service: ["name", 1, 49, LOWER],
  google_cloud_run_v2_worker_pool: ["name", 1, 49, LOWER],
  google_cloud_run_v2_job: ["name", 1, 49, LOWER],
  google_storage_bucket: ["name", 3, 63, LOWER],
  google_compute_backend_service: ["name", 1, 63, LOWER],
  google_compute_backend_bucket: ["name", 1, 63, LOWER],
  google_compute_region_network_endpoint_group: ["name", 1, 63, LOWER],
  google_redis_instance: ["name", 1, 40, LOWER],
  google_sql_database_instance: ["name", 1, 67, LOWER],
  google_artifact_registry_repository: ["repository_id", 1, 63, LOWER],
  google_iam_workload_identity_pool: ["workload_identity_pool_id", 4, 32, LOWER],
  azurerm_container_app: ["name", 2, 32, LOWER],
  azurerm_container_app_job: ["name", 2, 32, LOWER],
  azurerm_container_app_environment: ["name", 2, 60, LOWER],
  azurerm_container_app_environment_storage: ["name", 2, 32, LOWER],
  azurerm_container_registry: ["name", 5, 50, /^[A-Za-z0-9]+$/],
  azurerm_key_vault: ["name", 3, 24, LOWER],
  azurerm_storage_account: ["name", 3, 24, /^[a-z0-9]+$/],
  azurerm_postgresql_flexible_server: ["name", 3, 63, LOWER],
  azurerm_managed_redis: ["name", 1, 60, LOWER],
  azurerm_user_assigned_identity: ["name", 3, 128, /^[A-Za-z0-9][\w-]*$/],
  azurerm_cdn_frontdoor_endpoint: ["name", 2, 46, LOWER],
  azurerm_cdn_frontdoor_origin_group: ["name", 1, 90, LOWER],
};

test.each(CASES)("$provider: $name: names fit, and no two are the same", ({ plan }) => {
  const blocks = resourcesOf(plan);
  for (const environment of ["production", "qa"]) {
    const known = namesIn(plan, environment);
    const seen = new Set<string>();
    for (const { labels, body } of blocks) {
      const [type = "", id = ""] = labels;
      const limit = LIMITS[type];
      if (!limit) continue;
      const [attribute, least, most, form] = limit;
      const name = known(body.attributes.find((item) => item.name === attribute)?.text ?? "");
      const where = `${type}.${id} is ${name}`;
      expect(name, where).toMatch(form);
      expect(name.length >= least && name.length <= most ? where : `${where}: ${name.length}`).toBe(where);
      expect(seen.has(`${type} ${name}`) ? `twice: ${where}` : "").toBe("");
      seen.add(`${type} ${name}`);
    }
  }
});

test.each(CASES)("$provider: $name: what is declared is used, and nothing waits for itself", ({ plan }) => {
  const all = blocksOf(plan);
  const text = all.map(({ text: own }) => own).join("\n");
  const looked = all.filter(({ block: { type } }) => type === "data" || type === "ephemeral").map(addressOf);
  expect(looked.filter((address) => !new RegExp(`${address.replaceAll(".", "\\.")}\\b`).test(text))).toEqual([]);
  const names = new Map(all.map((item) => [addressOf(item), item.text]));
  const edges = new Map(
    [...names].map(([address, own]) => [address, referred(own, names).filter((other) => other !== address)]),
  );
  expect(cycleIn(edges)).toBeUndefined();
});

test.each(CASES)("$provider: $name: every reference resolves as the parser of Terraform reads it", async ({ plan }) => {
  const text = terraform
    .render(plan)
    .filter(({ path }) => path.endsWith(".tf"))
    .map((file) => file.text)
    .join("\n");
  const { resource, data, ephemeral, variable, locals, ...rest } = (await parse("main.tf", text)) as Parsed;
  const two = (blocks: Parsed = {}, prefix = "") =>
    Object.entries(blocks).flatMap(([type, names]) =>
      Object.keys(names as object).map((name) => `${prefix}${type}.${name}`),
    );
  const declared = [
    ...[...two(resource), ...two(data, "data."), ...two(ephemeral, "ephemeral.")],
    ...Object.keys(variable ?? {}).map((name) => `var.${name}`),
    ...((locals ?? []) as object[]).flatMap(Object.keys).map((name) => `local.${name}`),
  ];
  const used = new Set(templatesIn([resource, data, ephemeral, variable, locals, rest]).flatMap(addressesIn));
  expect([...used].filter((address) => !declared.includes(address))).toEqual([]);
  expect(declared.filter((address) => /^(?:var|local|data|ephemeral)\./.test(address) && !used.has(address))).toEqual(
    [],
  );
});

test.each(CASES)("$provider: $name: files of that cloud alone", ({ provider, plan }) => {
  const types = { aws: "aws", gcp: "google", azure: "azurerm" };
  for (const { path } of terraform.render(plan)) expect(path).toMatch(new RegExp(`^infra/${provider}/`));
  expect(
    resourcesOf(plan)
      .map(({ labels: [type = ""] }) => type)
      .filter((type) => !type.startsWith(`${types[provider]}_`)),
  ).toEqual([]);
});

test.each(CASES.filter(({ provider }) => provider === "gcp"))(
  "$name: nothing of Google Cloud is made before its service is switched on",
  ({ plan }) => {
    const all = blocksOf(plan);
    const names = new Map(all.map((item) => [addressOf(item), item.text]));
    const reaches = (address: string, seen = new Set<string>()): boolean => {
      if (address === "google_project_service.main") return true;
      if (seen.has(address)) return false;
      seen.add(address);
      return referred(names.get(address) ?? "", names).some((other) => reaches(other, seen));
    };
    const made = [...names.keys()].filter((address) => address.startsWith("google_"));
    expect(made.filter((address) => !reaches(address))).toEqual([]);
  },
);

test.each(CASES)("$provider: $name: no template that is a reference alone", ({ plan }) => {
  for (const { path, text } of terraform.render(plan))
    expect(`${path} ${/"\$\{[^{}"]+\}"/.exec(text)?.[0] ?? ""}`).toBe(`${path} `);
});

type Parsed = Record<string, Record<string, never> | undefined>;

/** All texts below a value that hold templates. */
function templatesIn(value: unknown): string[] {
  if (typeof value === "string") return value.includes("${") ? [value] : [];
  return value && typeof value === "object" ? Object.values(value).flatMap(templatesIn) : [];
}

function addressesIn(text: string): string[] {
  const known = /(?<![\w.-])(?:(?:(?:data|ephemeral)\.)?(?:aws|google|azurerm|random)_\w+|var|local)\.[\w-]+/g;
  return text.match(known) ?? [];
}

interface Block {
  block: HclBlock;
  text: string;
}

function blocksOf(plan: Plan): Block[] {
  return terraform
    .render(plan)
    .filter(({ path }) => path.endsWith(".tf"))
    .flatMap(({ text }) => readHcl(text).blocks.map((block) => ({ block, text: text.slice(block.start, block.end) })))
    .flatMap((item) => (item.block.type === "locals" ? localsOf(item.block) : [item]));
}

function localsOf(block: HclBlock): Block[] {
  return block.body.attributes.map((attribute) => ({
    block: { ...block, type: "local", labels: [attribute.name] },
    text: attribute.text,
  }));
}

function resourcesOf(plan: Plan): HclBlock[] {
  return blocksOf(plan).flatMap(({ block }) => (block.type === "resource" ? [block] : []));
}

function addressOf({ block: { type, labels } }: Block): string {
  if (type === "resource") return labels.join(".");
  return [type === "variable" ? "var" : type, ...labels].join(".");
}

/** The addresses that a text refers to. */
function referred(text: string, known: ReadonlyMap<string, string>): string[] {
  const words = text.match(/(?<![\w.-])(?:data\.|ephemeral\.)?\w+\.[\w-]+(?:\.[\w-]+)?/g) ?? [];
  return words.flatMap((word) => {
    const parts = word.split(".");
    const length = parts[0] === "data" || parts[0] === "ephemeral" ? 3 : 2;
    const address = parts.slice(0, length).join(".");
    return known.has(address) ? [address] : [];
  });
}

function cycleIn(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const walk = (address: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(address)) return [...path.slice(path.indexOf(address)), address];
    if (done.has(address)) return undefined;
    for (const other of edges.get(address) ?? []) {
      const found = walk(other, [...path, address]);
      if (found) return found;
    }
    done.add(address);
    return undefined;
  };
  for (const address of edges.keys()) {
    const found = walk(address, []);
    if (found) return found;
  }
  return undefined;
}

/** What a template is for an environment, where everything else is as long as it may be. */
function namesIn(plan: Plan, environment: string): (text: string) => string {
  const local = blocksOf(plan).find(({ block }) => block.type === "local" && block.labels[0] === "name")?.text ?? "";
  const project = /^"(.*?)-\$\{var\.environment\}"$/.exec(local)?.[1] ?? "?";
  const name = `${project}-${environment}`;
  const plain = name.replaceAll("-", "");
  return (text) =>
    (text.startsWith('"') ? text.slice(1, -1) : `\${${text}}`)
      .replaceAll("${local.name}", name)
      .replaceAll("${local.plain}", plain)
      .replaceAll("${local.unique}", "0a1b2c")
      .replaceAll("${var.environment}", environment)
      .replaceAll("${var.project_id}", "p".repeat(30))
      .replaceAll("${data.aws_caller_identity.current.account_id}", "123456789012")
      .replace(/\$\{substr\(local\.plain, 0, (\d+)\)\}/g, (_, length: string) => plain.slice(0, Number(length)));
}

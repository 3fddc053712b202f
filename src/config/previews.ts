import type { ComposeConfig } from "./environments.ts";
import type { Mistake } from "./problem.ts";
import type { ManifestConfig } from "./schema.ts";

/** What environments, one for each pull request or branch, are called; no other environment is called so where there are some. */
const KEPT = /^(?:pr-\d+|br-.*)$/;
const NAME_OF_COPY = "${preview}";
const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** The environment that is copied for each pull request or branch, with its name; undefined where there is none. */
export function previewTemplate({
  environments,
}: Pick<ManifestConfig, "environments">):
  | { name: string; settings: ComposeConfig & { per: NonNullable<ComposeConfig["per"]> } }
  | undefined {
  for (const [name, settings] of Object.entries(environments)) {
    if (settings.platform !== "compose" || settings.per === undefined) continue;
    return { name, settings: { ...settings, per: settings.per } };
  }
  return undefined;
}

/** What would make copies of an environment meet each other, or production. */
export function previewMistakes(manifest: ManifestConfig): Mistake[] {
  const { environments } = manifest;
  const template = previewTemplate(manifest);
  const routes = Object.entries(environments).flatMap(([environment, settings]) =>
    settings.platform === "compose" && settings.per === undefined
      ? Object.entries(settings.routes).flatMap(([service, { domain }]) =>
          domain?.includes("${") ? [inDomain(["environments", environment, "routes", service, "domain"], domain)] : [],
        )
      : [],
  );
  if (!template) return routes;
  return [
    ...routes,
    ...namesOf(environments, template.name),
    ...addresses(template),
    ...imagesOf(manifest, template),
    ...sharedStores(manifest),
  ];
}

function inDomain(at: (string | number)[], domain: string): Mistake {
  return {
    code: "SM-CONFIG-REFERENCE",
    at,
    message: `nothing replaces ${/\$\{[^}]*\}?/.exec(domain)?.[0]} here`,
    next: `${NAME_OF_COPY} is known where the environment has \`per\``,
  };
}

function namesOf(environments: ManifestConfig["environments"], template: string): Mistake[] {
  const mistakes = Object.keys(environments)
    .filter((name) => KEPT.test(name))
    .map((name) => ({
      code: "SM-CONFIG-VALUE",
      at: ["environments", name],
      message: `copies of ${template} may be called "${name}"`,
      next: "choose another name",
    }));
  const others = Object.entries(environments).filter(([name, item]) => name !== template && isTemplate(item));
  const second = others.map(([name]) => ({
    code: "SM-CONFIG-VALUE",
    at: ["environments", name, "per"],
    message: `${template} has \`per\` already`,
    next: "one environment can be copied for pull requests or branches",
  }));
  const alone = Object.values(environments).every(isTemplate);
  return [
    ...mistakes,
    ...second,
    ...(alone
      ? [
          {
            code: "SM-CONFIG-VALUE",
            at: ["environments", template, "per"],
            message: "there must be an environment that is not copied",
            next: "add one, such as local: { platform: local }",
          },
        ]
      : []),
  ];
}

function isTemplate(settings: ManifestConfig["environments"][string]): boolean {
  return settings.platform === "compose" && settings.per !== undefined;
}

type Template = NonNullable<ReturnType<typeof previewTemplate>>;

function addresses({ name, settings }: Template): Mistake[] {
  const at = (service: string) => ["environments", name, "routes", service, "domain"];
  const routes = Object.entries(settings.routes).flatMap(([service, { domain = "" }]): Mistake[] => {
    const unknown = [...domain.matchAll(PLACEHOLDER)].find(([whole]) => whole !== NAME_OF_COPY);
    if (unknown) return [inDomain(at(service), unknown[0])];
    if (domain.includes(NAME_OF_COPY)) return [];
    return [
      {
        code: "SM-CONFIG-VALUE",
        at: domain === "" ? at(service).slice(0, -1) : at(service),
        message: `all copies of ${name} would have one address`,
        next: `give the route a domain such as "${NAME_OF_COPY}.preview.example.com"`,
      },
    ];
  });
  const source = (["branch", "tag"] as const)
    .filter((key) => settings[key] !== undefined)
    .map((key) => ({
      code: "SM-CONFIG-VALUE",
      at: ["environments", name, key],
      message: `a copy is made of its pull request or branch, not of a ${key}`,
      next: `remove \`${key}\``,
    }));
  return [...routes, ...source];
}

function imagesOf({ services }: ManifestConfig, { name, settings }: Template): Mistake[] {
  return Object.keys(settings.images)
    .filter((service) => !Object.hasOwn(services, service))
    .map((service) => ({
      code: "SM-CONFIG-REFERENCE",
      at: ["environments", name, "images", service],
      message: `there is no service "${service}"`,
    }));
}

/** A copy that writes into the database of another environment is no copy. */
function sharedStores({ services, stores }: ManifestConfig): Mistake[] {
  const texts = Object.values(services).flatMap(({ env }) => Object.values(env));
  return Object.entries(stores)
    .filter(([name, { preview }]) => !preview && texts.some((text) => text.includes(`\${store:${name}}`)))
    .map(([name, { kind }]) => ({
      code: "SM-CONFIG-VALUE",
      at: ["stores", name],
      message: `copies for pull requests or branches would share the database ${name}`,
      next:
        kind === "redis"
          ? `give each copy a server of its own, such as a service of the Compose file, instead of \${store:${name}}`
          : `name a database they get a copy of: stores.${name}.preview: { template: ${name}_template }`,
    }));
}

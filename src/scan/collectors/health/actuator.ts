import type { View } from "../../collector.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { setting } from "../jvm/settings-files.ts";

/** What a framework answers by itself once a package is there. */
export interface BuiltIn {
  health: string;
  readiness: string | undefined;
  /** In front of both, from the settings of the server. */
  prefix: string;
  confidence: number;
  at: Evidence[];
}

interface Setting {
  value: string;
  at: Evidence;
}
/** A setting by the names it has in different versions. */
type Settings = (...names: string[]) => Setting | undefined;

interface Rule {
  packages: readonly string[];
  read(setting: Settings): (Omit<BuiltIn, "at"> & { at?: (Setting | undefined)[] }) | undefined;
}

const RULES: readonly Rule[] = [
  {
    packages: [
      "org.springframework.boot:spring-boot-starter-actuator",
      "org.springframework.boot:spring-boot-actuator-autoconfigure",
    ],
    read(setting) {
      if (
        setting("management.endpoint.health.enabled", "management.endpoint.health.access")?.value.match(
          /^(?:false|none)$/,
        )
      )
        return undefined;
      const only = setting("management.endpoints.web.exposure.include");
      if (only && !/\*|\bhealth\b/.test(only.value)) return undefined;
      const port = setting("management.server.port");
      const own = setting("server.port");
      const base = setting("management.endpoints.web.base-path");
      const mapped = setting("management.endpoints.web.path-mapping.health");
      const context = setting("server.servlet.context-path", "server.context-path", "spring.webflux.base-path");
      const elsewhere = port !== undefined && port.value !== own?.value;
      const groups = setting("management.endpoint.health.probes.enabled", "management.health.probes.enabled");
      const health = `${base?.value ?? "/actuator"}/${mapped?.value ?? "health"}`;
      return {
        prefix: elsewhere ? (setting("management.server.base-path")?.value ?? "") : (context?.value ?? ""),
        health,
        readiness:
          groups?.value === "true" || setting("management.endpoint.health.group.readiness.include")
            ? `${health}/readiness`
            : undefined,
        // It answers on the port of the management, not on that of the service.
        confidence: elsewhere ? 0.5 : 0.8,
        at: [port, base, mapped, context, groups],
      };
    },
  },
  {
    packages: ["io.quarkus:quarkus-smallrye-health"],
    read(setting) {
      const root = setting("quarkus.http.root-path");
      const base = setting("quarkus.http.non-application-root-path");
      const own = setting("quarkus.smallrye-health.root-path");
      const at = [root, base, own];
      if (own?.value.startsWith("/"))
        return { prefix: "", health: own.value, readiness: `${own.value}/ready`, confidence: 0.8, at };
      const folder = base?.value ?? "q";
      const prefix = folder.startsWith("/") ? folder : `${root?.value ?? ""}/${folder}`;
      const health = own?.value ?? "health";
      return { prefix, health, readiness: `${health}/ready`, confidence: 0.8, at };
    },
  },
  {
    packages: ["io.micronaut:micronaut-management"],
    read(setting) {
      if (setting("endpoints.health.enabled")?.value === "false") return undefined;
      const context = setting("micronaut.server.context-path");
      const base = setting("endpoints.all.path");
      return {
        prefix: `${context?.value ?? ""}/${base?.value ?? ""}`,
        health: "health",
        readiness: "health/readiness",
        confidence: 0.8,
        at: [context, base],
      };
    },
  },
  {
    packages: [
      "io.helidon.webserver.observe:helidon-webserver-observe-health",
      "io.helidon.health:helidon-health-checks",
    ],
    read: () => ({ prefix: "/observe", health: "health", readiness: "health/ready", confidence: 0.6 }),
  },
];

/** The routes of Spring Boot's actuator, SmallRye Health and Micronaut's management, with the paths their settings give them. */
export function builtIn(view: View): BuiltIn | undefined {
  const all = dependenciesOf(view.snapshot, view.unit.path);
  const settings: Settings = (...names) => {
    const found = setting(view, names);
    return found && { ...found, value: plain(found.value) };
  };
  for (const { packages, read } of RULES) {
    const dependency = packages
      .map((name) => findDependency(all, "maven", name))
      .find((found) => found !== undefined && found.group !== "dev");
    const found = dependency && read(settings);
    if (!dependency || !found) continue;
    const { at = [], ...rest } = found;
    const told = at.flatMap((one) => (one ? [one.at] : []));
    return { ...rest, at: [view.seen(dependency.file, dependency.place(), "dependency"), ...told] };
  }
  return undefined;
}

/** `${BASE_PATH:/api}` stands for what is behind the colon. */
function plain(value: string): string {
  return value.trim().replace(/^\$\{[^}:]*:?([^}]*)\}$/, "$1");
}

import type { StoreUse } from "../../../fact.ts";
import { imageStore } from "../images/stores.ts";
import { type ComposeService, withoutDefault } from "./model.ts";
import { environmentOf, neededBy } from "./values.ts";

/** A store that a service uses, and the service that runs it. */
interface Used {
  use: StoreUse;
  from: ComposeService;
}

/** The stores among the services, by their image. */
export function storesAmong(
  services: readonly ComposeService[],
): { service: ComposeService; store: Omit<StoreUse, "variable"> }[] {
  return services.flatMap((service) => {
    const store = service.image === undefined ? undefined : imageStore(withoutDefault(service.image));
    return store ? [{ service, store }] : [];
  });
}

/** The stores that a service uses: it waits for them, its variables name their host, or it is the only one that could. */
export function storesOf(service: ComposeService, beside: readonly ComposeService[], isOnly: boolean): Used[] {
  const needed = new Set(neededBy(service));
  return storesAmong(beside).flatMap(({ service: from, store }) => {
    const variable = variableFor(service, from.name);
    return needed.has(from.name) || variable !== undefined || isOnly
      ? [{ use: { ...store, variable: variable ?? null }, from }]
      : [];
  });
}

const ADDRESS = /(?:_|^)(?:URL|URI|DSN|CONNECTION_?STRING|BROKERS?|SERVERS?|ENDPOINT)$/i;

/** The variable whose value names a host; one with a whole address before one with the host alone. */
function variableFor(service: ComposeService, host: string): string | undefined {
  const escaped = host.replace(/[^\w]/g, "\\$&");
  const names = environmentOf(service).flatMap(({ name, value }) =>
    value !== null && new RegExp(`(?:^|@|//|=|,)${escaped}(?::\\d+|[/,;]|$)`).test(withoutDefault(value)) ? [name] : [],
  );
  return names.find((name) => ADDRESS.test(name)) ?? names[0];
}

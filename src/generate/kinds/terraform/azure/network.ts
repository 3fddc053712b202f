import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { nested, resource } from "../blocks.ts";
import { containersOf } from "../naming.ts";
import { place } from "./place.ts";
import { type Database, databasesOf, ENGINES, hasCache } from "./stores.ts";

/** A network: one subnet for containers, one for each kind of database, one for private endpoints. */
export function network(plan: Plan): HclBlock[] {
  const databases = [...new Set(databasesOf(plan).map(({ engine }) => engine))];
  const run = containersOf(plan).length > 0;
  if (!run && databases.length === 0 && !hasCache(plan)) return [];
  return [
    resource("azurerm_virtual_network", "main", {
      name: expr("local.name"),
      ...place(),
      address_space: [expr("var.vnet_cidr")],
      tags: expr("local.tags"),
    }),
    ...(run ? [subnet("apps", "cidrsubnet(var.vnet_cidr, 7, 0)", "Microsoft.App/environments")] : []),
    ...databases.flatMap((engine, index) => [
      subnet(engine, `cidrsubnet(var.vnet_cidr, 8, ${index + 2})`, ENGINES[engine].delegation),
      ...zone(engine, template(`\${local.name}.private.${ENGINES[engine].zone}`)),
    ]),
    ...(hasCache(plan)
      ? [
          subnet("endpoints", "cidrsubnet(var.vnet_cidr, 8, 6)"),
          ...zone("cache", template("privatelink.redis.azure.net")),
        ]
      : []),
  ];
}

function subnet(name: string, range: string, delegated?: string): HclBlock {
  return resource(
    "azurerm_subnet",
    name,
    {
      name,
      resource_group_name: expr("azurerm_resource_group.main.name"),
      virtual_network_name: expr("azurerm_virtual_network.main.name"),
      address_prefixes: [expr(range)],
    },
    delegated
      ? [
          nested("delegation", { name }, [
            nested("service_delegation", {
              name: delegated,
              actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
            }),
          ]),
        ]
      : [],
  );
}

/** Names that only this network knows. */
function zone(id: Database["engine"] | "cache", name: ReturnType<typeof template>): HclBlock[] {
  return [
    resource("azurerm_private_dns_zone", id, {
      name,
      resource_group_name: expr("azurerm_resource_group.main.name"),
      tags: expr("local.tags"),
    }),
    resource("azurerm_private_dns_zone_virtual_network_link", id, {
      name: id,
      resource_group_name: expr("azurerm_resource_group.main.name"),
      private_dns_zone_name: expr(`azurerm_private_dns_zone.${id}.name`),
      virtual_network_id: expr("azurerm_virtual_network.main.id"),
    }),
  ];
}

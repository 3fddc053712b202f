import { expr, type HclBlock } from "../../../../formats/hcl/write.ts";
import type { Plan } from "../../../plan.ts";
import { commented, nested, resource } from "../blocks.ts";
import { needsNetwork } from "./stores.ts";

/** A network of its own, with a range that Google's services live in: stores have no public address. */
export function network(plan: Plan): HclBlock[] {
  if (!needsNetwork(plan)) return [];
  return [
    resource("google_compute_network", "main", {
      name: expr("local.name"),
      auto_create_subnetworks: false,
      depends_on: [expr("google_project_service.main")],
    }),
    resource(
      "google_compute_subnetwork",
      "main",
      {
        name: expr("local.name"),
        network: expr("google_compute_network.main.id"),
        region: expr("var.region"),
        ip_cidr_range: expr("var.subnet_cidr"),
        private_ip_google_access: true,
      },
      [
        nested("log_config", {
          aggregation_interval: "INTERVAL_5_SEC",
          flow_sampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        }),
      ],
    ),
    commented(
      "Where databases and caches get their private addresses.",
      resource("google_compute_global_address", "services", {
        name: expr('"${local.name}-services"'),
        network: expr("google_compute_network.main.id"),
        purpose: "VPC_PEERING",
        address_type: "INTERNAL",
        prefix_length: 20,
      }),
    ),
    resource("google_service_networking_connection", "main", {
      network: expr("google_compute_network.main.id"),
      service: "servicenetworking.googleapis.com",
      reserved_peering_ranges: [expr("google_compute_global_address.services.name")],
    }),
  ];
}

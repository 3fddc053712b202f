import { expr, type HclBlock } from "../../../../formats/hcl/write.ts";
import type { Plan, PlannedService } from "../../../plan.ts";
import { identifier, nested, resource } from "../blocks.ts";
import { containersOf, serversOf } from "../naming.ts";

/** Port under which a service is found by its name inside the network. */
const INNER_PORT = 80;

/** Whether services call each other. */
export function isConnected(plan: Plan): boolean {
  return containersOf(plan).some((service) => targetsOf(service, plan).length > 0);
}

/** The services that one calls. */
function targetsOf({ dependsOn }: PlannedService, plan: Plan): PlannedService[] {
  return serversOf(plan).filter(({ name }) => dependsOn.includes(name));
}

/** The part of an ECS service by which others find it as `http://name`, and it finds them. */
export function connection(service: PlannedService, plan: Plan, serves: boolean): HclBlock[] {
  if (!isConnected(plan)) return [];
  const { name } = service;
  return [
    nested(
      "service_connect_configuration",
      { enabled: true, namespace: expr("aws_service_discovery_http_namespace.main.arn") },
      serves
        ? [
            nested("service", { port_name: "http", discovery_name: name }, [
              nested("client_alias", { dns_name: name, port: INNER_PORT }),
            ]),
          ]
        : [],
    ),
  ];
}

/** What lets callers in. */
export function callerRules(service: PlannedService, plan: Plan): HclBlock[] {
  const id = identifier(service.name);
  const { port } = service;
  if (port === null || service.role !== "http") return [];
  return containersOf(plan)
    .filter((caller) => targetsOf(caller, plan).includes(service))
    .map((caller) =>
      resource("aws_vpc_security_group_ingress_rule", `${id}_from_${identifier(caller.name)}`, {
        security_group_id: expr(`aws_security_group.${id}.id`),
        referenced_security_group_id: expr(`aws_security_group.${identifier(caller.name)}.id`),
        description: `From ${caller.name}`,
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
      }),
    );
}

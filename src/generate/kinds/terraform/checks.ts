import type { HclBlock } from "../../../formats/hcl/write.ts";
import { extended, validation } from "./blocks.ts";

/** What CloudWatch takes as days; others it refuses only while applying. */
const LOG_DAYS =
  "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";

/** By the name of a variable: what has to hold, and what people are told otherwise. */
const CHECKS: Record<string, readonly [condition: string, message: string]> = {
  alarm_email: ['can(regex("^[^@ ]+@[^@ ]+$", var.alarm_email))', "An address of mail."],
  domain: [
    'can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z][a-z0-9-]*[a-z0-9]$", var.domain))',
    "A host name such as shop.example.com, without https:// and path.",
  ],
  replicas: [
    "alltrue([for count in values(var.replicas) : count.min >= 0 && count.max >= 1 && count.max >= count.min])",
    "max is one at least, and not below min.",
  ],
};
const AWS: typeof CHECKS = {
  vpc_cidr: [
    'can(cidrhost(var.vpc_cidr, 0)) && tonumber(split("/", var.vpc_cidr)[1]) <= 22',
    "A network of /22 or larger, such as 10.20.0.0/16: it is cut into sixteen parts.",
  ],
  zones: ["contains([2, 3, 4], var.zones)", "Two, three or four: a load balancer needs two."],
  log_days: [`contains([${LOG_DAYS}], var.log_days)`, "A number of days that CloudWatch knows, such as 30, 90 or 365."],
  cache_nodes: ["contains([1, 2, 3, 4, 5, 6], var.cache_nodes)", "One to six."],
};
const GCP: typeof CHECKS = {
  subnet_cidr: ["can(cidrhost(var.subnet_cidr, 0))", "A network such as 10.20.0.0/22."],
  database_availability: ['contains(["REGIONAL", "ZONAL"], var.database_availability)', "REGIONAL or ZONAL."],
  cache_tier: ['contains(["STANDARD_HA", "BASIC"], var.cache_tier)', "STANDARD_HA or BASIC."],
};
const AZURE: typeof CHECKS = {
  vnet_cidr: [
    'can(cidrhost(var.vnet_cidr, 0)) && endswith(var.vnet_cidr, "/16")',
    "A network of /16, such as 10.20.0.0/16.",
  ],
  log_days: ["var.log_days >= 30 && var.log_days <= 730", "30 to 730 days."],
};
const OF = { aws: { ...CHECKS, ...AWS }, gcp: { ...CHECKS, ...GCP }, azure: { ...CHECKS, ...AZURE } };

/** The same variables, each with the check of its value: what is wrong is told before anything is made. */
export function checked(blocks: readonly HclBlock[], cloud: keyof typeof OF): HclBlock[] {
  return blocks.map((item) => {
    const check: readonly [string, string] | undefined = OF[cloud][item.labels?.[0] ?? ""];
    return item.block === "variable" && check ? extended(item, [validation(...check)]) : item;
  });
}

import { expr, type HclValue } from "../../../../formats/hcl/write.ts";

/** Where everything lies. */
export function place(): Record<string, HclValue> {
  return {
    resource_group_name: expr("azurerm_resource_group.main.name"),
    location: expr("azurerm_resource_group.main.location"),
  };
}

export { createRouterClient, type RouterClient } from "./calls.ts";
export { spawnRouter } from "./spawn.ts";
export type { RouteView as LiveRoute } from "./view.ts";

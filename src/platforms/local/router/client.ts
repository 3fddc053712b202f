export { type CallOptions, createRouterClient, type RouterClient } from "./calls.ts";
export { type SpawnRouterOptions, spawnRouter } from "./spawn.ts";
export type { RouterView, RouteView as LiveRoute, TargetFigures } from "./view.ts";

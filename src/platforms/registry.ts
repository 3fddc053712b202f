import type { EnvironmentConfig } from "../config/environments.ts";
import { createCompose } from "./compose/index.ts";
import { createLocal } from "./local/index.ts";
import type { MovingPlatform, PlatformOptions } from "./platform.ts";

/** The platforms by the id the manifest uses. */
export const PLATFORMS: Record<EnvironmentConfig["platform"], (options: PlatformOptions) => MovingPlatform> = {
  local: createLocal,
  compose: createCompose,
};

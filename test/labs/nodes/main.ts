import { PLATFORMS } from "../../../src/platforms/registry.ts";
import { createNodes } from "./index.ts";

// The one line of the registry that a new platform takes. The manifest has no settings for it, so it goes by the name of another.
PLATFORMS.local = createNodes;
await import("../../../src/cli/main.ts");

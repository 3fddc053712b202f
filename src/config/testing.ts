import { oneLine } from "../core/errors.ts";
import { parseManifest } from "./load.ts";

/** A manifest of two services in ten lines; `m.yaml:8` is where one needs the other. */
export const GOOD = `project: shop
services:
  api:
    start: node server.js
    health: /health
  web:
    start: [node, web.js]
    depends_on: [api]
environments:
  local: { platform: local }
`;

/** The line a person sees of a manifest that is refused. */
export function refusal(text: string): string {
  try {
    parseManifest(text, "m.yaml");
  } catch (error) {
    return oneLine(error);
  }
  throw new Error("it was accepted");
}

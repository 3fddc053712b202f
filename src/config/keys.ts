import { z } from "zod";
import { ManifestSchema } from "./schema.ts";

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  propertyNames?: { enum?: string[] };
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  const?: unknown;
  $ref?: string;
};

/** The JSON Schema of the manifest as a person writes it. */
export function manifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(ManifestSchema, { io: "input", unrepresentable: "any" });
}

/**
 * The keys that are allowed at a place of the manifest, or of what another JSON Schema describes. Of alternatives that a word tells
 * apart (`kind: slack`) only those of the word that `value`, what stands there, has.
 */
export function keysAt(path: readonly PropertyKey[], value?: unknown, schema = manifestJsonSchema()): string[] {
  let places: JsonSchema[] = [schema as JsonSchema];
  for (const key of path) places = places.flatMap((place) => alternatives(place)).flatMap((place) => step(place, key));
  const found = places.flatMap((place) => alternatives(place)).filter((place) => isMeant(place, value));
  return [
    ...new Set(
      found.flatMap((place) => [...Object.keys(place.properties ?? {}), ...(place.propertyNames?.enum ?? [])]),
    ),
  ];
}

function isMeant({ properties = {} }: JsonSchema, value: unknown): boolean {
  const said = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return Object.entries(properties).every(
    ([key, wanted]) => wanted.const === undefined || said[key] === undefined || said[key] === wanted.const,
  );
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  const nested = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return nested.length > 0 ? [schema, ...nested.flatMap((inner) => alternatives(inner))] : [schema];
}

function step(schema: JsonSchema, key: PropertyKey): JsonSchema[] {
  const named = schema.properties?.[String(key)];
  if (named) return [named];
  if (typeof key === "number" && schema.items) return [schema.items];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}

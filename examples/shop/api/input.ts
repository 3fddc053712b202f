import { HttpError } from "./http.ts";

/** A text field of 1 to `max` characters without NUL (PostgreSQL cannot store it); 422 otherwise. */
export function textField(body: Record<string, unknown>, name: string, max: number): string {
  const value = body[name];
  if (typeof value !== "string" || value.length === 0 || value.length > max || value.includes("\0"))
    throw new HttpError(422, "bad-input", `${name} must be a text of 1 to ${max} characters`);
  return value;
}

/** A whole number from `min` to `max`; 422 otherwise. */
export function integerField(body: Record<string, unknown>, name: string, min: number, max: number): number {
  const value = body[name];
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
    throw new HttpError(422, "bad-input", `${name} must be a whole number from ${min} to ${max}`);
  return value;
}

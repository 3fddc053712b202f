const PLACEHOLDER = /\$\{(secret|store|service):([^}]+)\}/g;

/** Looks up every placeholder of a text, so that it and its parts can be resolved at once. */
export async function resolver(
  { resolve }: { resolve(text: string, where: string): Promise<string> },
  text: string,
  where: string,
): Promise<(part: string) => string> {
  const values = new Map<string, string>();
  for (const [placeholder] of text.matchAll(PLACEHOLDER)) values.set(placeholder, await resolve(placeholder, where));
  return (part) => part.replace(PLACEHOLDER, (placeholder) => values.get(placeholder) ?? placeholder);
}

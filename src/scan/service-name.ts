/** A name as the manifest allows it. */
export function serviceName(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/^@[^/]*\//, "")
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "")
      .slice(0, 40) || "app"
  );
}

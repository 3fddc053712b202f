/** Log lines as they came, as text only. */
export function LogLines({ lines, label }: { lines: readonly string[]; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="log" aria-label={label} tabIndex={0}>
      <pre>{lines.join("\n")}</pre>
    </section>
  );
}

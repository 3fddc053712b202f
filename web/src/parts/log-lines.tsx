import { useLayoutEffect, useRef } from "react";

/** Log lines as they came, as text only; shows the newest first of all. */
export function LogLines({ lines, label }: { lines: readonly string[]; label: string }) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section ref={box} className="log" aria-label={label} tabIndex={0}>
      <pre>{lines.join("\n")}</pre>
    </section>
  );
}

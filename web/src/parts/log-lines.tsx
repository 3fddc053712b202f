import { useLayoutEffect, useRef } from "react";
import { LogText } from "./log-text.tsx";

/** Log lines as they came, as text only; shows the newest first of all. */
export function LogLines({ lines, label }: { lines: readonly string[]; label: string }) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section ref={box} className="log" aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes and its lines may be equal.
        <div key={index} className="log-line">
          <LogText text={line} />
        </div>
      ))}
    </section>
  );
}

import { useLayoutEffect, useRef, useState } from "react";
import { useLogTail } from "../api/log-tail.ts";
import { replicaFacts } from "../view/log-line.ts";
import { LogText } from "./log-text.tsx";
import { Section } from "./section.tsx";

const NEAR_END_PX = 40;

/** The service's log as it is written. Stays at the end unless the reader has scrolled up. */
export function LogTail({ service }: { service: string }) {
  const [paused, setPaused] = useState(false);
  const { lines, live } = useLogTail(service, paused);
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end.
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);

  function onScroll() {
    const element = box.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  }

  const several = lines.some((line) => line.replica !== lines[0]?.replica);
  const state = paused ? "paused" : live ? "live" : "connecting";
  return (
    <Section
      title="Log"
      aside={
        <span className="section-aside">
          <span className="muted">{state}</span>
          <button type="button" className="button small" aria-pressed={paused} onClick={() => setPaused(!paused)}>
            {paused ? "Resume" : "Pause"}
          </button>
        </span>
      }
    >
      <section
        ref={box}
        className={several ? "log tall several" : "log tall"}
        aria-label={`Log of ${service}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        onScroll={onScroll}
      >
        {lines.length === 0 && <p className="log-empty">No lines yet. They appear as {service} writes them.</p>}
        {lines.map((line) => (
          <div key={line.number} className="log-line">
            {several && (
              <span className="log-replica" title={replicaFacts(line)}>
                {line.replica}
              </span>
            )}
            <LogText text={line.text} />
          </div>
        ))}
      </section>
    </Section>
  );
}

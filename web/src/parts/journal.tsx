import type { ReactNode } from "react";
import { effectName, type Rollout } from "../../../src/contract/rollout.ts";
import { useNarrow } from "../use-media.ts";
import { duration, plural } from "../view/format.ts";
import type { JournalStep } from "../view/journal.ts";
import { pairJournal } from "../view/journal.ts";
import { gistOf } from "../view/journal-gist.ts";
import type { Tone } from "../view/states.ts";
import { words } from "../view/states.ts";
import { Elapsed } from "./elapsed.tsx";
import { Empty } from "./empty.tsx";
import { Folded } from "./folded.tsx";
import { Icon } from "./icon.tsx";
import { Payload } from "./payload.tsx";
import { Clock } from "./time.tsx";

const TONE: Record<JournalStep["status"], Tone> = { running: "busy", done: "ok", failed: "bad", unfinished: "idle" };

/** Every effect of a rollout: what was meant, whether it came true, and how long it took. A narrow screen begins with what matters now. */
export function Journal({ rollout }: { rollout: Rollout }) {
  const narrow = useNarrow();
  const steps = pairJournal(rollout);
  if (steps.length === 0) return <Empty title="Nothing recorded yet">Entries appear here as the rollout acts.</Empty>;
  const news = steps.filter(({ status }) => status === "running" || status === "failed");
  return (
    <>
      {narrow && news.length > 0 && <Steps steps={news} />}
      <Folded label={`All ${plural(steps.length, "step")}`}>
        <Steps steps={steps} />
      </Folded>
    </>
  );
}

function Steps({ steps }: { steps: readonly JournalStep[] }) {
  return (
    <ol className="journal">
      {steps.map((step) => (
        <Row key={step.key} step={step} />
      ))}
    </ol>
  );
}

function Row({ step }: { step: JournalStep }) {
  if (Object.keys(step.facts).length === 0) {
    return (
      <li className="journal-row">
        <Cells step={step} />
      </li>
    );
  }
  return (
    <li>
      <details>
        <summary className="journal-row">
          <Cells step={step} />
        </summary>
        <Payload facts={step.facts} />
      </details>
    </li>
  );
}

function Cells({ step }: { step: JournalStep }) {
  const gist = gistOf(step);
  return (
    <>
      <span className="journal-status">
        <Icon tone={TONE[step.status]} />
        <span className="hidden">{step.status}</span>
      </span>
      <Clock at={step.at} />
      <span className="journal-step">{words(step.step)}</span>
      <span className="journal-what">
        <code>{effectName(step)}</code>
        {gist && <span className="muted"> {gist}</span>}
      </span>
      <span className="journal-time num">{tookOf(step)}</span>
    </>
  );
}

function tookOf({ status, at, durationMs }: JournalStep): ReactNode {
  if (durationMs !== null) return duration(durationMs);
  if (status === "running") return <Elapsed from={at} until={null} />;
  return status === "done" || status === "failed" ? "" : status;
}

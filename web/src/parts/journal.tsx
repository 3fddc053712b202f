import type { ReactNode } from "react";
import { FEW_HOSTS } from "../../../src/contract/host-standing.ts";
import { effectName, type Rollout } from "../../../src/contract/rollout.ts";
import { useNarrow } from "../use-media.ts";
import { duration, plural } from "../view/format.ts";
import { gatherSteps, type JournalGroup, type JournalStep, pairJournal } from "../view/journal.ts";
import { gistOf } from "../view/journal-gist.ts";
import type { Tone } from "../view/states.ts";
import { words } from "../view/states.ts";
import { Elapsed } from "./elapsed.tsx";
import { Empty } from "./empty.tsx";
import { Folded } from "./folded.tsx";
import { Icon } from "./icon.tsx";
import { Payload } from "./payload.tsx";
import { Clock } from "./time.tsx";

const TONE: Record<JournalStep["status"], Tone> = {
  running: "busy",
  done: "ok",
  skipped: "idle",
  failed: "bad",
  unfinished: "idle",
};

/** Every effect of a rollout: what was meant, whether it came true, and how long it took. A narrow screen begins with what matters now. */
export function Journal({ rollout }: { rollout: Rollout }) {
  const narrow = useNarrow();
  const steps = pairJournal(rollout);
  const onMany = (rollout.plan.hosts?.length ?? 1) > FEW_HOSTS;
  if (steps.length === 0) return <Empty title="Nothing recorded yet">Entries appear here as the rollout acts.</Empty>;
  const news = steps.filter(({ status }) => status === "running" || status === "failed");
  return (
    <>
      {narrow && news.length > 0 && <Steps steps={news} />}
      <Folded label={`All ${plural(steps.length, "step")}`}>
        <Steps steps={onMany ? gatherSteps(steps) : steps} />
      </Folded>
    </>
  );
}

function Steps({ steps }: { steps: readonly (JournalStep | JournalGroup)[] }) {
  return (
    <ol className="journal">
      {steps.map((step) =>
        "steps" in step ? <Group key={step.steps[0]?.key} group={step} /> : <Row key={step.key} step={step} />,
      )}
    </ol>
  );
}

function Group({ group: { name, steps } }: { group: JournalGroup }) {
  const [first] = steps;
  if (!first) return null;
  const end = Math.max(...steps.map(({ at, durationMs }) => Date.parse(at) + (durationMs ?? 0)));
  const hosts = new Set(steps.flatMap(({ facts }) => (typeof facts.host === "string" ? facts.host : [])));
  const where = hosts.size > 0 ? ` on ${plural(hosts.size, "host")}` : "";
  return (
    <li>
      <details>
        <summary className="journal-row">
          <Cells
            step={{ ...first, durationMs: end - Date.parse(first.at) }}
            name={name}
            gist={`${steps.length} times${where}`}
          />
        </summary>
        <Steps steps={steps} />
      </details>
    </li>
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

function Cells({
  step,
  name = effectName(step),
  gist = gistOf(step),
}: {
  step: JournalStep;
  name?: string;
  gist?: string;
}) {
  return (
    <>
      <span className="journal-status">
        <Icon tone={TONE[step.status]} />
        <span className="hidden">{step.status}</span>
      </span>
      <Clock at={step.at} />
      <span className="journal-step">{words(step.step)}</span>
      <span className="journal-what">
        <code>{name}</code>
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

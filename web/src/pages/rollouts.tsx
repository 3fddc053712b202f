import { useRollouts } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { RolloutTable } from "../parts/rollout-table.tsx";

export function RolloutsPage() {
  const rollouts = useRollouts();
  return (
    <>
      <Heading
        title="Rollouts"
        lead="Every attempt to make a release serve, newest first. Going back is a rollout too."
      />
      <Answer query={rollouts}>
        {(data) =>
          data.length > 0 ? (
            <RolloutTable rollouts={data} />
          ) : (
            <Empty title="Nothing was deployed yet">
              Press Deploy on the overview, or run <code>stationmaster deploy</code>.
            </Empty>
          )
        }
      </Answer>
    </>
  );
}

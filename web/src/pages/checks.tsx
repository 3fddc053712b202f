import { useCheckCount } from "../api/check-queries.ts";
import { Answer } from "../parts/answer.tsx";
import { CheckFilters } from "../parts/check-filters.tsx";
import { CheckList } from "../parts/check-list.tsx";
import { CheckTabs } from "../parts/check-tabs.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { Link } from "../router.tsx";
import type { CheckFilter } from "../view/check-filter.ts";
import { plural } from "../view/format.ts";

export function ChecksPage({ filter }: { filter: CheckFilter }) {
  const count = useCheckCount(filter);
  return (
    <>
      <Heading
        title="Checks"
        lead={
          <>
            What is asked of the services and the things they need. Who asks, and how that keeps up, is on the page{" "}
            <Link href="/doctor">Doctor</Link>.
          </>
        }
      />
      <CheckTabs current="checks" />
      <CheckFilters filter={filter} verdicts={count.data?.verdicts} />
      <Answer query={count}>
        {({ total, verdicts }) => {
          const all = Object.values(verdicts).reduce((sum, some) => sum + some, 0);
          return (
            <>
              <p className="muted" role="status">
                {total === all ? plural(total, "check") : `${total.toLocaleString("en-US")} of ${plural(all, "check")}`}
              </p>
              {total > 0 ? <CheckList filter={filter} total={total} /> : <NoCheck filter={filter} />}
            </>
          );
        }}
      </Answer>
    </>
  );
}

function NoCheck({ filter }: { filter: CheckFilter }) {
  if (Object.keys(filter).length > 0)
    return (
      <Empty title="No check is like that">
        <Link href="/checks">Show all checks</Link>
      </Empty>
    );
  return (
    <Empty title="Nothing is checked yet">
      Give a service <code>health: /path</code>, or write checks of your own under <code>checks:</code> in{" "}
      <code>stationmaster.yaml</code>.
    </Empty>
  );
}

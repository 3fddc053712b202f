import { useQueryClient } from "@tanstack/react-query";
import type { Preview } from "../../../src/contract/preview.ts";
import { orderPreview } from "../api/actions.ts";
import { Confirm } from "./confirm.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

type Order = "wake" | "close" | "remove";

const VERB: Record<Order, string> = { wake: "Wake", close: "Close", remove: "Remove" };

/** A button for one order, with what follows from it. */
export function PreviewOrder({ preview, order }: { preview: Preview; order: Order }) {
  const client = useQueryClient();
  const { name } = preview;
  const isRetry = order === "wake" && preview.state !== "asleep";
  const verb = isRetry ? "Try again" : VERB[order];
  const danger = order === "remove";
  return (
    <ConfirmButton label={verb} className={danger ? "small danger-text" : "small"} title={`${verb} ${name}`}>
      {(close) => (
        <Confirm
          title={isRetry ? `Try ${name} again` : `${verb} ${name}`}
          verb={verb}
          danger={danger}
          run={() => orderPreview(name, order).then(() => client.invalidateQueries({ queryKey: ["previews"] }))}
          onClose={close}
        >
          <p>{effectOf(order, isRetry)}</p>
        </Confirm>
      )}
    </ConfirmButton>
  );
}

function effectOf(order: Order, isRetry: boolean): string {
  if (order === "remove")
    return "Its containers, network, volumes, databases and images are gone afterwards. A new push makes it anew, without this data.";
  if (order === "close")
    return "It goes on until it expires, whatever the repository shows; a new push opens it again.";
  return isRetry ? "What failed is done again." : "Its containers start again with the data they had.";
}

import { usePreviews } from "../api/queries.ts";
import { Answer } from "../parts/answer.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { Empty } from "../parts/empty.tsx";
import { Heading } from "../parts/heading.tsx";
import { OpenPreviewDialog } from "../parts/open-preview-dialog.tsx";
import { PreviewTable } from "../parts/preview-table.tsx";

export function PreviewsPage() {
  const previews = usePreviews();
  return (
    <>
      <Heading
        title="Previews"
        lead="Copies of an environment for pull requests and branches."
        actions={
          <ConfirmButton label="Open a preview">{(close) => <OpenPreviewDialog onClose={close} />}</ConfirmButton>
        }
      />
      <Answer query={previews}>
        {(data) =>
          data.length > 0 ? (
            <PreviewTable previews={data} />
          ) : (
            <Empty title="No preview">
              An environment with <code>per: pull-request</code> or <code>per: branch</code> in the manifest is copied
              for each of them.
            </Empty>
          )
        }
      </Answer>
    </>
  );
}

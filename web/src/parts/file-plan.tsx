import type { FileFinding, GenerateReport } from "../../../src/contract/generate.ts";
import { changesInWords, FILE_TONE, type Folder, foldersOf, SEVERITY_TONES } from "../view/repository.ts";
import { Badge } from "./badge.tsx";
import { Icon } from "./icon.tsx";

/** The files that `generate` would write, folder by folder, each with why it is there and what the rules say of it. */
export function FilePlan({ report }: { report: GenerateReport }) {
  const folders = foldersOf(report);
  const known = new Set(report.files.map(({ path }) => path));
  const others = report.findings.filter(({ file, suppressed }) => suppressed === null && !known.has(file));
  return (
    <>
      <p>{changesInWords(folders)}.</p>
      {report.blocked && (
        <p>
          <Badge tone="bad">nothing would be written</Badge> An error below keeps all of it back.
        </p>
      )}
      <ul className="file-tree">
        {folders.map((folder) => (
          <li key={folder.path}>
            <h3>
              <code>{folder.path === "" ? "./" : `${folder.path}/`}</code>
            </h3>
            <Files files={folder.files} />
          </li>
        ))}
      </ul>
      <Findings findings={others} />
    </>
  );
}

function Files({ files }: Pick<Folder, "files">) {
  return (
    <ul className="file-rows">
      {files.map(({ name, row, state, findings }) => (
        <li key={row.path}>
          <Badge tone={FILE_TONE[state]}>{state}</Badge>
          <div>
            <p>
              <code className="strong">{name}</code> <span className="muted">{row.why}</span>
            </p>
            {row.notes.map((note) => (
              <p key={note} className="muted wrap">
                {note}
              </p>
            ))}
            <Findings findings={findings} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Findings({ findings }: { findings: readonly FileFinding[] }) {
  return findings.map(({ rule, severity, file, line, message }) => (
    <p key={`${rule} ${file} ${line} ${message}`} className="finding wrap">
      <Icon tone={SEVERITY_TONES[severity]} /> {severity} in line {line}: {message} <code>{rule}</code>
    </p>
  ));
}

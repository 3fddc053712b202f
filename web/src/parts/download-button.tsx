interface Props {
  text: string;
  /** Name of the file. */
  name: string;
}

/** Saves a text as a file. */
export function DownloadButton({ text, name }: Props) {
  function save() {
    const url = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <button type="button" className="button small" onClick={save}>
      Download {name}
    </button>
  );
}

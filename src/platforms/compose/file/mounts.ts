import { z } from "zod";
import { Bytes, Flag, Pairs, Text } from "./values.ts";

/** Something mounted into a container. `source` is a volume's key, a folder or a file; none makes a volume without name. */
export const Mount = z.object({
  type: z.enum(["bind", "volume", "tmpfs"]),
  source: Text.nullable(),
  target: Text,
  read_only: z.boolean(),
  /** bind: make the folder on the host if it is missing. */
  create: z.boolean(),
  /** Further options of docker's `--mount`, such as `bind-propagation=rslave`. */
  options: z.array(Text),
  /** bind: SELinux label, `z` or `Z`. */
  selinux: Text.nullable(),
});
export type Mount = z.output<typeof Mount>;

const Long = z.strictObject({
  type: z.enum(["bind", "volume", "tmpfs", "cluster", "npipe", "image"]),
  source: Text.optional(),
  target: Text.optional(),
  read_only: Flag.optional(),
  consistency: Text.optional(),
  bind: z
    .strictObject({
      propagation: z.enum(["shared", "slave", "private", "rshared", "rslave", "rprivate"]).optional(),
      create_host_path: Flag.optional(),
      recursive: z.enum(["enabled", "disabled", "writable", "readonly"]).optional(),
      selinux: z.enum(["z", "Z"]).optional(),
    })
    .optional(),
  volume: z.strictObject({ labels: Pairs.optional(), nocopy: Flag.optional(), subpath: Text.optional() }).optional(),
  tmpfs: z.strictObject({ size: Bytes.optional(), mode: z.union([z.number(), Text]).optional() }).optional(),
  image: z.strictObject({ subpath: Text.optional() }).optional(),
});

/** `volumes` of a service, folders as they are written. */
export const Mounts = z.array(
  z.union([Text, Long]).transform((entry, context): Mount => {
    const mount = typeof entry === "string" ? shortMount(entry) : longMount(entry);
    const problem = typeof mount === "string" ? mount : misplaced(mount);
    if (problem) context.addIssue(problem);
    return typeof mount === "string" ? PLAIN : mount;
  }),
);

const PLAIN: Mount = {
  type: "volume",
  source: null,
  target: "",
  read_only: false,
  create: false,
  options: [],
  selinux: null,
};

/** `[source:]target[:options]` (compose-spec, "volumes, short syntax"). */
function shortMount(text: string): Mount | string {
  const parts = text.split(":");
  if (parts.length > 3 || parts.some((part) => part === ""))
    return `"${text}" is not SOURCE:TARGET or SOURCE:TARGET:ro`;
  const [source, target, access] = parts.length === 1 ? [undefined, parts[0], undefined] : parts;
  const words = access?.split(",") ?? [];
  const known = /^(?:ro|rw|z|Z|nocopy|cached|delegated|consistent|r?(?:shared|slave|private))$/;
  const odd = words.find((word) => !known.test(word));
  if (odd) return `"${odd}" is no option of a mount`;
  const bind = source !== undefined && /^[./~]/.test(source);
  const propagation = words.find((word) => /^r?(?:shared|slave|private)$/.test(word));
  return {
    ...PLAIN,
    type: bind ? "bind" : "volume",
    source: source ?? null,
    target: target ?? "",
    read_only: words.includes("ro"),
    create: bind,
    selinux: words.find((word) => word === "z" || word === "Z") ?? null,
    options: [
      ...(propagation ? [`bind-propagation=${propagation}`] : []),
      ...(words.includes("nocopy") ? ["volume-nocopy"] : []),
    ],
  };
}

function longMount(entry: z.output<typeof Long>): Mount | string {
  const { type, source, target, bind, volume, tmpfs } = entry;
  if (type === "cluster" || type === "npipe" || type === "image") return `mounts of type ${type} are not made here`;
  if (target === undefined) return "target is missing";
  if (type === "bind" && source === undefined) return "source is missing";
  if (type === "tmpfs" && source !== undefined) return "a tmpfs has no source";
  const options = [
    bind?.propagation && `bind-propagation=${bind.propagation}`,
    volume?.nocopy && "volume-nocopy",
    volume?.subpath && `volume-subpath=${volume.subpath}`,
    tmpfs?.size !== undefined && `tmpfs-size=${String(tmpfs.size).replace(/\s/, "")}`,
    // 0755 in the file is the number 493.
    tmpfs?.mode !== undefined && `tmpfs-mode=${typeof tmpfs.mode === "number" ? tmpfs.mode.toString(8) : tmpfs.mode}`,
  ];
  return {
    ...PLAIN,
    type,
    source: source ?? null,
    target,
    read_only: entry.read_only ?? false,
    create: type === "bind" && (bind?.create_host_path ?? true),
    selinux: bind?.selinux ?? null,
    options: options.filter((option) => typeof option === "string"),
  };
}

function misplaced({ type, source, target }: Mount): string | undefined {
  if (!target.startsWith("/")) return `the target "${target}" must be an absolute path`;
  return type === "bind" && source?.startsWith("~")
    ? `"${source}" is another folder on every host; write an absolute path`
    : undefined;
}

import { isRecord, type Path, valueAt } from "../../formats/document.ts";
import type { Complaint } from "../finding.ts";
import { type KubernetesObject, objectsOf, tell } from "../rules/kubernetes/objects.ts";
import { worldOf } from "../rules/kubernetes/world.ts";
import type { Validator } from "./validator.ts";

/** The schemas of Kubernetes itself. Kinds of others (custom resources) are not judged. */
export const kubernetesSchema: Validator = {
  id: "kubernetes-schema",
  kinds: ["kubernetes"],
  async validate(file, context) {
    if (worldOf(context).isFragment(file.path)) return [];
    const found = await Promise.all(objectsOf(file).map(ofObject));
    return found.flat();
  },
};

interface Fault {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
type Model = new (value: unknown) => { validate(): void };

async function ofObject(object: KubernetesObject): Promise<Complaint[]> {
  if ("$patch" in object.value) return [];
  const model = await modelOf(object);
  if (!model) return [];
  try {
    new model(object.value).validate();
    return [];
  } catch (error) {
    const faults = isRecord(error) || error instanceof Error ? (error as { errors?: Fault[] }).errors : undefined;
    return deepest(faults ?? [])
      .filter(({ instancePath }) => !isFilledIn(valueAt(object.value, pathOf(object, instancePath))))
      .map((fault) => complaintOf(object, fault));
  }
}

/** Whether a script puts a value here before the cluster sees it: `${REPLICAS}`, `<REPLICAS>`, `__REPLICAS__`. */
function isFilledIn(value: unknown): boolean {
  return typeof value === "string" && /\$[{(A-Z_]|\{\{|^<.*>$|^__.*__$|^@.*@$|^%.*%$/.test(value);
}

const models = new Map<string, Promise<Model | undefined>>();

/** The model of a kind, loaded when one of its objects occurs first. */
async function modelOf({ apiVersion, kind }: KubernetesObject): Promise<Model | undefined> {
  if (!/^(?:[a-z][a-z\d.-]*\/)?v\d[a-z\d]*$/.test(apiVersion) || !/^[A-Z][A-Za-z\d]*$/.test(kind)) return undefined;
  const name = `kubernetes-models/${apiVersion}/${kind}`;
  const loading =
    models.get(name) ??
    import(name).then(
      (module: Record<string, unknown>) => module[kind] as Model,
      () => undefined,
    );
  models.set(name, loading);
  return await loading;
}

/** One fault for each place: the other forms of a value that may have several are no faults of their own. */
function deepest(faults: readonly Fault[]): Fault[] {
  const byPlace = Map.groupBy(faults, ({ instancePath }) => instancePath);
  return [...byPlace.values()].flatMap((here) => {
    const clear = here.filter(({ keyword }) => !/^(?:anyOf|oneOf|allOf)$/.test(keyword));
    const required = clear.filter(({ keyword }) => keyword === "required");
    return required.length > 0 ? required : clear.slice(0, 1);
  });
}

function complaintOf(
  object: KubernetesObject,
  { instancePath, message = "does not fit", keyword, params }: Fault,
): Complaint {
  const path = pathOf(object, instancePath);
  const what = path.length === 0 ? object.kind : path.join(".");
  const allowed = keyword === "enum" ? `: ${String(params.allowedValues).replaceAll(",", ", ")}` : "";
  return tell(object, path, `${what} ${message}${allowed}`);
}

function pathOf({ value }: KubernetesObject, pointer: string): Path {
  const path: (string | number)[] = [];
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(valueAt(value, path)) ? Number(key) : key);
  }
  return path;
}

const VARIABLE = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/**
 * A check in which variables of the environment, names in capitals, are written as the secrets they are treated as:
 * `${SHOP_URL}` as `${secret:SHOP_URL}`. Names that its steps save are theirs.
 */
export function variablesAsSecrets<T extends { steps?: readonly { save?: object | undefined }[] | undefined }>(
  check: T,
): T {
  const saved = (check.steps ?? []).flatMap(({ save = {} }) => Object.keys(save));
  const text = JSON.stringify(check).replace(VARIABLE, (whole, name: string) =>
    saved.includes(name) ? whole : `\${secret:${name}}`,
  );
  return JSON.parse(text) as T;
}

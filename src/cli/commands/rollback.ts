import { actor, type GlobalOptions, withSession } from "../session.ts";
import { agree } from "./deploy.ts";

export async function run(
  options: GlobalOptions & { to?: string; plan?: boolean; yes?: boolean },
  environment?: string,
): Promise<void> {
  await withSession({ ...options, env: environment ?? options.env }, async (session) => {
    const { usecases } = session;
    const request = { environment, to: options.to };
    const plan = await usecases.planRollback(request);
    // The release is fixed by the plan that was shown.
    await agree(
      plan,
      options,
      async () => (await usecases.rollback({ environment, to: plan.release, planHash: plan.hash }, actor())).id,
      session,
    );
  });
}

import { actor, type GlobalOptions, withSession } from "../session.ts";
import { agree, words } from "./deploy.ts";

interface ContractOptions extends GlobalOptions {
  plan?: boolean;
  override?: string[];
  breakGlass?: boolean;
  reason?: string;
  yes?: boolean;
}

export async function run(options: ContractOptions, service: string, environment?: string): Promise<void> {
  const { breakGlass, reason } = options;
  const request = { environment, service, override: words(options.override), breakGlass, reason };
  await withSession({ ...options, env: environment ?? options.env }, async (session) => {
    const { usecases } = session;
    const plan = await usecases.planContract(request, actor());
    const begin = async () => (await usecases.contract({ ...request, planHash: plan.hash }, actor())).id;
    await agree(plan, options, begin, session);
  });
}

import { StrategyName } from "../../../src/contract/rollout.ts";
import type { DeployChoice } from "../view/deploy-request.ts";

interface Props {
  services: readonly string[];
  choice: DeployChoice;
  onChange: (choice: DeployChoice) => void;
}

export function DeployOptions({ services, choice, onChange }: Props) {
  function toggle(service: string) {
    const chosen = choice.only.includes(service);
    onChange({ ...choice, only: services.filter((name) => (name === service ? !chosen : choice.only.includes(name))) });
  }
  return (
    <details className="options">
      <summary>Options</summary>
      <fieldset>
        <legend>Services</legend>
        {services.map((service) => (
          <label key={service} className="check">
            <input type="checkbox" checked={choice.only.includes(service)} onChange={() => toggle(service)} />
            {service}
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>Strategy</span>
        <select
          value={choice.strategy}
          onChange={(event) => onChange({ ...choice, strategy: StrategyName.safeParse(event.target.value).data ?? "" })}
        >
          <option value="">as the manifest says</option>
          {StrategyName.options.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Release name</span>
        <input
          type="text"
          value={choice.release}
          placeholder="chosen for you"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ ...choice, release: event.target.value.trim() })}
        />
      </label>
    </details>
  );
}

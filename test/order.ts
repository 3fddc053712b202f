import { BaseSequencer, type TestSpecification } from "vitest/node";

/** As usual the largest files begin first, and before them the simulator: its text is short, and it would be left alone at the end. */
export class SimulatorFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSimulator = ({ moduleId }: TestSpecification) => moduleId.includes("/bench/sim/");
    const sorted = await super.sort(files);
    return [...sorted.filter(isSimulator), ...sorted.filter((file) => !isSimulator(file))];
  }
}

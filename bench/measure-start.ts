/** From the command to the first answer about a dump, as someone waits for it who was just sent one. */
import type { Figure } from "./figure.ts";
import { startServer } from "./start-server.ts";

export async function measureStart(name: string, file: string, runs: number): Promise<readonly Figure[]> {
  const first: number[] = [];
  const read: number[] = [];
  const answer: number[] = [];
  for (let run = 0; run < runs; run++) {
    const server = await startServer(["--files", file]);
    await server.stop();
    first.push(server.firstAnswerMs / 1000);
    read.push(server.readMs);
    answer.push(server.answerMs);
  }
  return [
    { name: `${name}: start to first answer`, unit: "s", values: first },
    { name: `${name}: reading`, unit: "ms", values: read },
    { name: `${name}: facts, checks, graph`, unit: "ms", values: answer },
  ];
}

/** How long one answer takes when nothing else is asked. */
import { type Figure, quantile } from "./figure.ts";

const requests = 200;
/** An interaction answers within this, and most of them ask the server. */
const interactionMs = 100;
const words = ["web", "api 80", "cart", "10.64.0.2", "app.kubernetes.io/name", "service store", "zzz"];

export async function measureApi(url: string, cluster: string, rounds: number): Promise<readonly Figure[]> {
  const at = `${url}/api/v1/clusters/${cluster}`;
  return [
    ...(await figuresOf(`GET graph, ${cluster}`, () => `${at}/graph`, rounds)),
    ...(await figuresOf(
      `GET search, ${cluster}`,
      (turn) => `${at}/search?q=${encodeURIComponent(words[turn % words.length] ?? "")}`,
      rounds,
    )),
  ];
}

async function figuresOf(
  name: string,
  ask: (turn: number) => string,
  rounds: number,
): Promise<readonly Figure[]> {
  const p50: number[] = [];
  const p99: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const times: number[] = [];
    for (let turn = 0; turn < requests; turn++) {
      const startMs = performance.now();
      const response = await fetch(ask(turn));
      await response.text();
      if (!response.ok) throw new Error(`${ask(turn)} answered ${response.status}`);
      times.push(performance.now() - startMs);
    }
    times.sort((a, b) => a - b);
    p50.push(quantile(times, 0.5));
    p99.push(quantile(times, 0.99));
  }
  return [
    { name: `${name}: p50`, unit: "ms", values: p50 },
    { name: `${name}: p99`, unit: "ms", values: p99, bound: interactionMs },
  ];
}

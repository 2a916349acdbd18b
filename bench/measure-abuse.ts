/**
 * What a server does under abuse, counted: `node bench/measure-abuse.ts --total 100000`. Prints figures as JSON, and on
 * stderr each failure as it is found. `--only cookies --number 123` sends one case again and shows it, with `--seed` of
 * the run that found it.
 */
import { parseArgs } from "node:util";
import { holdConnections } from "./abuse/hold.ts";
import { faults, runAbuse } from "./abuse/run-abuse.ts";
import { type Figure, quantile } from "./figure.ts";

const { values } = parseArgs({
  options: {
    total: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    senders: { type: "string", default: "12" },
    only: { type: "string", multiple: true },
    number: { type: "string" },
    hold: { type: "boolean", default: false },
  },
});

/** Of what stays in memory after a garbage collection; more is a leak. */
const growthMb = 10;

/** What others wait for an answer, whoever else is connected. */
const probeMs = 100;
/** Headers have 15 s to arrive, forms 30 s, files what they were given: a minute. And a second until that is seen. */
const cutMs: Readonly<Record<string, number>> = { head: 16_500, form: 31_500, file: 61_500 };

const started = performance.now();
const progress = (what: string) =>
  console.error(`abuse: ${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}`);
if (values.hold) {
  console.log(JSON.stringify(await held()));
  process.exit(0);
}
const report = await runAbuse({
  seed: Number(values.seed),
  total: Number(values.total),
  senders: Number(values.senders),
  only: values.only,
  number: values.number === undefined ? undefined : Number(values.number),
  progress,
});
console.error(
  `abuse: answers by status ${JSON.stringify(report.statuses)}, looks at uploads ${report.looks}`,
);

const count = (name: string, value: number, bound?: number): Figure => ({
  name: `abuse: ${name}`,
  unit: "",
  values: [value],
  bound,
});
const figures: readonly Figure[] = [
  ...Object.entries(report.sent).map(([name, value]) => count(`${name}, sent`, value)),
  ...faults.map((fault) =>
    count(fault, report.failures.filter((failure) => failure.fault === fault).length, 0),
  ),
  ...report.growths.flatMap(({ sortie, sent, memories }): readonly Figure[] => {
    const used = memories.map(({ heapUsed, external }) => heapUsed + external);
    // What is made once, or held up to a bound, is made in the first half.
    const grown = Math.max(0, (used.at(-1) ?? 0) - (used[Math.floor(used.length / 2)] ?? 0));
    return [
      {
        name: `abuse: ${sortie}, kept of 10,000 more`,
        unit: "MB",
        values: [(grown / 1e6 / (sent / 2)) * 10_000],
        bound: growthMb,
      },
      { name: `abuse: ${sortie}, kept by then`, unit: "MB", values: used.map((bytes) => bytes / 1e6) },
      { name: `abuse: ${sortie}, resident`, unit: "MB", values: memories.map(({ rss }) => rss / 1e6) },
    ];
  }),
];
console.log(JSON.stringify(figures));
process.exit(0);

/** A thousand connections that say little. */
async function held(): Promise<readonly Figure[]> {
  const { connections, cut, streaming, openingProbes, probes, keptBefore, keptDuring, keptAfter } =
    await holdConnections(
      { slowHeads: 200, slowForms: 50, slowFiles: 50, halfOpen: 200, idle: 300, streams: 400 },
      progress,
    );
  const mb = (bytes: number) => Math.max(0, bytes - keptBefore) / 1e6;
  return [
    { name: "held: connections at once", unit: "", values: [connections] },
    { name: "held: streams that go on", unit: "", values: [streaming] },
    ...["head", "form", "file"].flatMap((what): readonly Figure[] => {
      const own = cut.filter((each) => each.what === what);
      const others = own.filter(({ status }) => status !== 408).length;
      return [
        {
          name: `held: slow senders of a ${what}, not cut off with 408`,
          unit: "",
          values: [others],
          bound: 0,
        },
        {
          name: `held: slow senders of a ${what}, until they are cut off`,
          unit: "ms",
          values: own.map(({ ms }) => ms),
          bound: cutMs[what],
        },
      ];
    }),
    ...[
      { when: "while they come", times: openingProbes, bound: undefined },
      { when: "while they are there", times: probes, bound: probeMs },
    ].flatMap(({ when, times, bound }): readonly Figure[] => {
      const sorted = times.toSorted((one, other) => one - other);
      return [
        { name: `held: healthz ${when}, p50`, unit: "ms", values: [quantile(sorted, 0.5)] },
        { name: `held: healthz ${when}, p99`, unit: "ms", values: [quantile(sorted, 0.99)], bound },
        { name: `held: healthz ${when}, longest`, unit: "ms", values: [quantile(sorted, 1)] },
      ];
    }),
    { name: "held: kept by them", unit: "MB", values: [mb(keptDuring)] },
    { name: "held: kept once they are gone", unit: "MB", values: [mb(keptAfter)], bound: growthMb },
  ];
}

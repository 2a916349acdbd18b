/**
 * What a server does under abuse, counted: `node bench/measure-abuse.ts --total 100000`. Prints figures as JSON, and on
 * stderr each failure as it is found. `--only cookies --number 123` sends one case again and shows it, with `--seed` of
 * the run that found it.
 */
import { parseArgs } from "node:util";
import { faults, runAbuse } from "./abuse/run-abuse.ts";
import type { Figure } from "./figure.ts";

const { values } = parseArgs({
  options: {
    total: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    senders: { type: "string", default: "12" },
    only: { type: "string", multiple: true },
    number: { type: "string" },
  },
});

/** Of what stays in memory after a garbage collection; more is a leak. */
const growthMb = 10;

const started = performance.now();
const report = await runAbuse({
  seed: Number(values.seed),
  total: Number(values.total),
  senders: Number(values.senders),
  only: values.only,
  number: values.number === undefined ? undefined : Number(values.number),
  progress: (what) =>
    console.error(`abuse: ${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}`),
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
  ...report.growths.flatMap(({ target, sent, before, after }): readonly Figure[] => {
    const per = (bytes: number) => Math.max(0, (bytes / 1e6 / sent) * 10_000);
    const used = (memory: typeof before) => memory.heapUsed + memory.external;
    return [
      {
        name: `abuse: kept by mode ${target}, per 10,000`,
        unit: "MB",
        values: [per(used(after) - used(before))],
        bound: growthMb,
      },
      { name: `abuse: resident in mode ${target}, before`, unit: "MB", values: [before.rss / 1e6] },
      { name: `abuse: resident in mode ${target}, after`, unit: "MB", values: [after.rss / 1e6] },
    ];
  }),
];
console.log(JSON.stringify(figures));
process.exit(0);

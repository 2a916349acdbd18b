/** Loaded into a server's process before it starts (`--import`), and into its workers: its clock is as wrong as BENCH_SKEW_MS says. */
const skewMs = Number(process.env.BENCH_SKEW_MS ?? 0);
const RealDate = Date;
const now = () => RealDate.now() + skewMs;

// Only a Date without arguments asks the clock.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

/** `node probe.mjs /healthz`: ends with 0 where the server beside it answers well. For containers without a shell. */
const place = process.argv[2] ?? "/healthz";
const url = `http://127.0.0.1:${process.env.PORT || 3000}${place}`;
try {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!ok) console.error(`${place} answers ${status}`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(`${place} does not answer: ${error.cause?.code ?? error.message}`);
  process.exitCode = 1;
}

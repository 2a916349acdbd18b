/** Runs once as the server starts, before it takes requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { sendWholeContentTypes } = await import("#lib/server/http/whole-content-types.ts");
  sendWholeContentTypes();
  const { measureRequests } = await import("#lib/server/metrics/measure-requests.ts");
  measureRequests();
}

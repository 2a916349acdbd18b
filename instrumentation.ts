/** Runs once as the server starts, before it takes requests. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { prepareServer } = await import("#lib/server/prepare-server.ts");
  prepareServer();
}

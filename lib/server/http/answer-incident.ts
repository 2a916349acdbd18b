import { type IncidentView, incidentActionSchema } from "#lib/protocol/incident.ts";
import { clusters } from "../clusters.ts";
import { type DemoSource, isDemoSource } from "../sources/demo/demo-source.ts";
import { problemResponse } from "./problem-response.ts";
import { bugResponse } from "./with-answers.ts";

const instance = "/api/v1/demo";
/** What someone may ask of it is this short. */
const longest = 200;

/** What the demo plays. */
export async function answerIncident(): Promise<Response> {
  try {
    const demo = demoOf();
    return demo === undefined ? noDemo() : Response.json(await viewOf(demo));
  } catch (error) {
    return bugResponse(error, instance);
  }
}

/** Plays, pauses, or shows a step. It is one demo for all who look at it. */
export async function changeIncident(request: Request): Promise<Response> {
  try {
    const demo = demoOf();
    if (demo === undefined) return noDemo();
    const text = (await request.text()).slice(0, longest);
    const action = incidentActionSchema.safeParse(jsonOf(text));
    if (!action.success)
      return malformed('It takes {"do":"play"}, {"do":"pause"} or {"do":"show","step":2}.');
    const { player } = await demo.incident();
    following(demo, player);
    switch (action.data.do) {
      case "play":
        player.play();
        break;
      case "pause":
        player.pause();
        break;
      case "show":
        try {
          player.show(action.data.step);
        } catch (error) {
          if (error instanceof RangeError) return malformed(error.message);
          throw error;
        }
    }
    return Response.json(await viewOf(demo));
  } catch (error) {
    return bugResponse(error, instance);
  }
}

const followed = new WeakSet<object>();

/** Whenever another step is shown, the demo's session reads it. */
function following(demo: DemoSource, player: Awaited<ReturnType<DemoSource["incident"]>>["player"]): void {
  if (followed.has(player)) return;
  followed.add(player);
  player.follow(() => void clusters().get(demo.id)?.readAgain(0));
}

function demoOf(): DemoSource | undefined {
  const registry = clusters();
  const id = registry.list().find(({ kind }) => kind === "demo")?.id;
  const source = id === undefined ? undefined : registry.get(id)?.source;
  return source !== undefined && isDemoSource(source) ? source : undefined;
}

async function viewOf(demo: DemoSource): Promise<IncidentView> {
  const { player, steps } = await demo.incident();
  return { ...player.state(), steps: steps.map(({ title, says, look }) => ({ title, says, look })) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noDemo(): Response {
  return problemResponse({
    type: "no-demo",
    title: "This server shows no demo",
    status: 404,
    detail: "The incident is the demo's.",
    instance,
  });
}

function malformed(detail: string): Response {
  return problemResponse({
    type: "malformed-action",
    title: "The incident does not know what to do",
    status: 400,
    detail,
    instance,
  });
}

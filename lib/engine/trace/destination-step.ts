import type { ObjectId } from "#lib/model/ids.ts";
import type { Container, Pod, Protocol } from "#lib/model/objects.ts";
import type { Facts } from "../facts.ts";
import { kubectlGet } from "../fix/kubectl.ts";
import { listed, listedUpTo } from "../object-words.ts";
import { isFinished, isReady } from "../pod-readiness.ts";
import { sharersOf } from "../shared-addresses.ts";
import { findPort } from "../target-port.ts";
import { type Party, partyWords } from "./party.ts";
import { type Step, step, unknownStep } from "./step.ts";

/**
 * Whether something takes the packet. Only that the pod runs counts here: whether it is ready is for whoever chooses
 * among endpoints, and a port that no container declares is a remark, since `containerPort` only informs.
 */
export function destinationStep(
  facts: Facts,
  party: Party,
  port: number,
  protocol: Protocol,
  leg: string,
): Step {
  const head = { slot: `${leg}:destination`, kind: "destination", title: `Listening on ${port}` } as const;
  switch (party.kind) {
    case "outside":
      return step({
        ...head,
        title: partyWords(party),
        outcome: "pass",
        sentence: "leaves the cluster; what happens there is not in the cluster",
      });
    case "node":
      return step({
        ...head,
        outcome: "pass",
        sentence: `on node ${party.node.name}; ${unseenThere}`,
        about: { names: [party.node.name], key: "on nodes", together: onNodes },
        subject: party.node.id,
      });
    case "unseen":
      return step({ ...head, outcome: "unknown", sentence: party.doubt.sentence, doubts: [party.doubt] });
    case "pods":
      return podStep(facts, party.pods, head, port, protocol);
  }
}

const unseenThere = "what listens there is not in the cluster";

function onNodes(names: readonly string[]): string {
  return `on nodes ${listedUpTo(names, 1)}; ${unseenThere}`;
}

function run(names: readonly string[]): string {
  return `${listedUpTo(names, 1)} run`;
}

type Head = Pick<Step, "slot" | "kind" | "title">;

type Pods = Extract<Party, { kind: "pods" }>["pods"];

function podStep(facts: Facts, pods: Pods, head: Head, port: number, protocol: Protocol): Step {
  const [pod] = pods;
  const owner = facts.index.ownerOf.get(pod.id) ?? pod.id;
  const common = {
    ...head,
    subject: pod.template === undefined ? pod.id : owner,
    nodes: [owner],
    kubectl: kubectlGet(pod.template === undefined ? pod.id : owner, "wide"),
  };
  const listening = listeningOn(pod, port, protocol);
  if (!runs(pod)) {
    const reason = facts.whyNotReady(pod)[0];
    return step({
      ...common,
      outcome: "block",
      reason: "its pod does not run",
      sentence: `${pod.name} does not run: ${reason?.text ?? `its phase is ${pod.phase}`}`,
      evidence: reason?.evidence === undefined ? [] : [reason.evidence],
    });
  }
  if (listening.down !== undefined) {
    const { container, why } = listening.down;
    const reason = facts.whyNotReady(pod)[0];
    return step({
      ...common,
      outcome: "block",
      reason: "nothing listens there",
      sentence: `nothing listens in ${pod.name}: container ${container.name} ${reason?.text === undefined ? why : `is down (${reason.text})`}`,
      evidence: [
        { object: pod.id, path: "status.containerStatuses[].state", value: `${container.name}: ${why}` },
      ],
    });
  }
  const sharers = sharersOf(facts, pod);
  if (sharers.length > 0) {
    const names = listed(sharers.map(({ namespace, name }) => `${namespace}/${name}`));
    const sentence = `${names} has the same address ${pod.ips[0]} as ${pod.name}; which of them takes the packet is not defined`;
    return unknownStep({
      ...common,
      sentence,
      code: "shared-address",
      objects: [pod.id, ...sharers.map(({ id }) => id)],
      evidence: [pod, ...sharers].map(({ id, ips }) => ({
        object: id,
        path: "status.podIP",
        value: ips[0] ?? "",
      })),
    });
  }
  const names = pods.map(({ name }) => name);
  const declared =
    listening.container === undefined ? "" : `; container ${listening.container.name} declares ${port}`;
  return step({
    ...common,
    outcome: "pass",
    sentence: `${names.length === 1 ? `${pod.name} runs` : run(names)}${declared}`,
    about: { names, key: "run", together: run },
    evidence:
      listening.container === undefined
        ? []
        : [
            {
              object: pod.template === undefined ? pod.id : owner,
              path: "spec.containers[].ports[]",
              value: `${listening.container.name}: ${port}/${protocol}`,
            },
          ],
    remarks: listening.remark === undefined ? [] : [listening.remark],
  });
}

/** Whether there is a running container at all: kubelets report the phase Running for a pod in a crash loop, too. */
function runs(pod: Pod): boolean {
  return pod.template !== undefined || (pod.phase === "Running" && !isFinished(pod));
}

interface Listening {
  /** The container that declares the port. */
  readonly container?: Container | undefined;
  readonly down?: { readonly container: Container; readonly why: string } | undefined;
  readonly remark?: string | undefined;
}

function listeningOn(pod: Pod, port: number, protocol: Protocol): Listening {
  const declared = findPort(pod, (each) => each.containerPort === port && each.protocol === protocol);
  if (declared !== undefined) {
    const why = downWords(pod, declared.container);
    return why === undefined
      ? { container: declared.container }
      : { down: { container: declared.container, why } };
  }
  const first = pod.containers.find(({ role }) => role !== "init");
  if (first !== undefined && isDown(pod))
    return { down: { container: first, why: downWords(pod, first) ?? "" } };
  const other = findPort(pod, (each) => each.containerPort === port);
  const remark =
    other === undefined
      ? `no container declares port ${port}, which only informs: it may listen all the same`
      : `container ${other.container.name} declares ${port} for ${other.port.protocol}, and the packet is ${protocol}`;
  return { remark };
}

/** What keeps a container from listening; a status that was not given does not. */
function downWords(pod: Pod, { state }: Container): string | undefined {
  if (pod.template !== undefined) return undefined;
  switch (state.kind) {
    case "running":
    case "unreported":
      return undefined;
    case "waiting":
      return `is waiting${state.reason === undefined ? "" : ` (${state.reason})`}`;
    case "terminated":
      return `has ended${state.reason === undefined ? "" : ` (${state.reason})`}`;
  }
}

/** What to know of a destination that was asked for directly, where readiness does not count. `asked`: by this object. */
export function readinessRemark(
  facts: Facts,
  pods: readonly Pod[],
  asked: ObjectId | undefined,
): string | undefined {
  if (pods.some((pod) => pod.conditions.length === 0)) return undefined;
  // What does not run at all is told as that.
  const unready = pods.filter((pod) => runs(pod) && !isReady(pod) && !isDown(pod));
  const [first] = unready;
  if (first === undefined) return undefined;
  const why = facts.whyNotReady(first)[0]?.text;
  return `${unreadyWords(first, unready.length, pods.length, asked)}${why === undefined ? "" : `: ${why}`}; asked directly, that does not count`;
}

function unreadyWords({ id, name }: Pod, unready: number, all: number, asked: ObjectId | undefined): string {
  if (all === 1) return id === asked ? `${name} is not ready` : `its only pod, ${name}, is not ready`;
  if (unready === all) return `none of its ${all} pods is ready`;
  return `${unready} of its ${all} pods ${unready === 1 ? "is" : "are"} not ready`;
}

function isDown(pod: Pod): boolean {
  const serving = pod.containers.filter(({ role }) => role !== "init");
  return serving.length > 0 && serving.every((container) => downWords(pod, container) !== undefined);
}

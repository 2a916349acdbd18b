import { serviceAt } from "../routing/proxies.ts";
import { addressWays } from "./address-ways.ts";
import { type Ask, way } from "./ask.ts";
import { nameWays } from "./name-ways.ts";
import { nodeWays } from "./node-ways.ts";
import { podWays } from "./pod-ways.ts";
import { serviceWays } from "./service-ways.ts";
import { ending, step, unknownStep, type Way } from "./step.ts";
import type { Target } from "./target.ts";
import { addressOfUrl, isPlainName, urlWays } from "./url-ways.ts";
import type { World } from "./world.ts";

/** Every way that packets may take from a source to a target. At least one. */
export function waysFor(world: World, ask: Ask, target: Target): readonly Way[] {
  const ways = ask.source.kind === "nothing" ? [nobodySends(ask)] : byTarget(world, ask, target);
  const asked = ways.filter(({ paths }) => paths.length > 0);
  return asked.length > 0 ? asked : [nothingAsked(target)];
}

function byTarget(world: World, ask: Ask, target: Target): readonly Way[] {
  const { end } = target;
  switch (target.kind) {
    case "service": {
      const { service, address } = target;
      const { name, namespace } = service.service;
      if (service.backing !== "external-name") return serviceWays(world, ask, end, service, address);
      const [full = ""] = service.dnsNames;
      return nameWays(world, ask, end, ask.source.kind === "pods" ? `${name}.${namespace}` : full);
    }
    case "pods":
      return podWays(world, ask, end, target);
    case "node":
      return nodeWays(world, ask, target);
    case "addresses":
      return addressWays(world, ask, end, target);
    case "name": {
      // The name of a load balancer, which only those outside take as its address.
      const { kind } = ask.source;
      const name = target.name.toLowerCase().replace(/\.$/, "");
      const service = kind === "pods" || kind === "node" ? undefined : serviceAt(world.facts, name, ask.port);
      return service === undefined
        ? nameWays(world, ask, end, target.name)
        : serviceWays(world, ask, end, service, name);
    }
    case "url": {
      const { request } = target;
      const asked = { ...ask, port: request.port };
      const found = addressOfUrl(world, request);
      if (found !== undefined)
        return byTarget(world, asked, { ...found, end }).map((each) => ({
          ...each,
          remarks: [...found.remarks, ...each.remarks],
        }));
      return isPlainName(world, ask, request)
        ? nameWays(world, asked, end, request.host)
        : urlWays(world, ask, end, request);
    }
  }
}

function nobodySends({ source }: Ask): Way {
  const { end } = source;
  const head = { slot: "source", kind: "source", title: end.words, subject: end.object } as const;
  if (source.isUnread === true) {
    const sentence = `the pods of ${end.name} could not be read`;
    return way([ending(unknownStep({ ...head, sentence, code: "unread", objects: [] }))]);
  }
  const blocked = step({
    ...head,
    outcome: "block",
    reason: "nothing sends",
    sentence: source.why ?? `${end.name} has no pod that could send`,
  });
  return way([ending(blocked)]);
}

function nothingAsked({ end }: Target): Way {
  const sentence = `nothing about ${end.words} could be asked`;
  const open = unknownStep({
    slot: "destination",
    kind: "destination",
    title: end.words,
    sentence,
    code: "unread",
    objects: [],
  });
  return way([ending(open)]);
}

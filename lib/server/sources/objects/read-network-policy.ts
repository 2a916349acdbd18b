import { z } from "zod";
import { contains, parseCidr } from "#lib/engine/cidr.ts";
import type { LabelSelector, NetworkPolicy, Origin, PolicyPeer, PolicyRule } from "#lib/model/objects.ts";
import { list, port, portOrName, protocol, protocolOf, selectorOf } from "./api-shapes.ts";
import { readStrictly, strictly, strictSelector, withName } from "./policy-shapes.ts";
import { isMapping, type Raw } from "./read-body.ts";
import { readNamespacedMeta } from "./read-meta.ts";
import type { Reading } from "./reading.ts";
import { intern } from "./string-pool.ts";

const cidr = z
  .string()
  .refine((text) => parseCidr(text) !== undefined, "is no block of addresses, such as 10.0.0.0/8");

const ipBlock = strictly({ cidr, except: list(cidr) }).check(({ value, issues }) => {
  const block = parseCidr(value.cidr);
  for (const [i, text] of (value.except ?? []).entries()) {
    const inner = parseCidr(text);
    if (block === undefined || inner === undefined) continue;
    if (contains(block, inner) && !contains(inner, block)) continue;
    const message = `is not a part of ${value.cidr}`;
    issues.push({ code: "custom", path: ["except", i], input: text, message });
  }
});

const peer = strictly({
  podSelector: strictSelector.nullish(),
  namespaceSelector: strictSelector.nullish(),
  ipBlock: ipBlock.nullish(),
}).transform((p, context): PolicyPeer => {
  // An absent selector is not an empty one: `podSelector: {}` is every pod, no podSelector says nothing about pods.
  const { podSelector, namespaceSelector, ipBlock } = p;
  if (ipBlock && (podSelector || namespaceSelector)) {
    context.addIssue({
      code: "custom",
      message: "has an ipBlock and a selector; the API takes one or the other",
    });
    return z.NEVER;
  }
  if (ipBlock) return { kind: "ip-block", cidr: ipBlock.cidr, except: ipBlock.except ?? [] };
  if (!podSelector && !namespaceSelector) {
    context.addIssue({ code: "custom", message: "needs a podSelector, a namespaceSelector or an ipBlock" });
    return z.NEVER;
  }
  return {
    kind: "pods",
    namespaceSelector: namespaceSelector ? selectorOf(namespaceSelector) : undefined,
    podSelector: podSelector ? selectorOf(podSelector) : undefined,
  };
});

const ports = list(
  strictly({ protocol, port: portOrName.nullish(), endPort: port.nullish() }).check(({ value, issues }) => {
    const { port: start, endPort } = value;
    if (endPort === undefined || endPort === null) return;
    const problem = (message: string) =>
      issues.push({ code: "custom", path: ["endPort"], input: endPort, message });
    if (typeof start !== "number") problem("needs a port that is a number");
    else if (endPort < start) problem(`is below port ${start}`);
  }),
);

const policyTypes = list(z.enum(["Ingress", "Egress"]));

const shape = z.object({
  spec: strictly({
    podSelector: strictSelector.nullish(),
    policyTypes,
    ingress: list(strictly({ from: list(peer), ports })),
    egress: list(strictly({ to: list(peer), ports })),
  }).nullish(),
});

/**
 * A policy that the API would refuse is read all the same, with its faults, and without rules: what it does is not
 * known, and whom it may concern is.
 */
export function readNetworkPolicy(given: Raw, origin: Origin | undefined): Reading<NetworkPolicy> {
  const { raw, faults: nameless } = withName(given, origin);
  const meta = readNamespacedMeta("network-policy", raw, origin);
  if (meta.kind !== "object") return meta;
  const { body, faults } = readStrictly(shape, raw);
  const head = { kind: "network-policy", ...meta.object } as const;
  if (body === undefined || nameless.length > 0) {
    return { kind: "object", object: { ...head, ...widest(raw), faults: [...nameless, ...faults] } };
  }
  const ingress = (body.spec?.ingress ?? []).map((rule) => ruleOf(rule.from, rule.ports));
  const egress = (body.spec?.egress ?? []).map((rule) => ruleOf(rule.to, rule.ports));
  return {
    kind: "object",
    object: {
      ...head,
      podSelector: selectorOf(body.spec?.podSelector),
      policyTypes: body.spec?.policyTypes?.length
        ? body.spec.policyTypes
        : egress.length > 0
          ? ["Ingress", "Egress"]
          : ["Ingress"],
      ingress,
      egress,
      faults: [],
    },
  };
}

const everyPod: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** The most that a faulty policy may concern, by those of its fields that are right. */
function widest(raw: Raw): Pick<NetworkPolicy, "podSelector" | "policyTypes" | "ingress" | "egress"> {
  const spec = isMapping(raw.spec) ? raw.spec : {};
  const selector = strictSelector.safeParse(spec.podSelector);
  const types = policyTypes.safeParse(spec.policyTypes);
  return {
    podSelector: selector.success ? selectorOf(selector.data) : everyPod,
    policyTypes: types.success && types.data?.length ? types.data : ["Ingress", "Egress"],
    ingress: [],
    egress: [],
  };
}

function ruleOf(peers: readonly PolicyPeer[] | null | undefined, ruled: z.infer<typeof ports>): PolicyRule {
  return {
    peers: peers ?? [],
    ports: (ruled ?? []).map((p) => ({
      protocol: protocolOf(p.protocol),
      port: typeof p.port === "string" ? intern(p.port) : (p.port ?? undefined),
      endPort: p.endPort ?? undefined,
    })),
  };
}

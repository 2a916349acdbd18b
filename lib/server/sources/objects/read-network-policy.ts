import { z } from "zod";
import type { NetworkPolicy, Origin, PolicyPeer, PolicyRule } from "#lib/model/objects.ts";
import {
  labelSelector,
  list,
  port,
  portOrName,
  protocol,
  protocolOf,
  requiredText,
  selectorOf,
} from "./api-shapes.ts";
import { type Raw, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern } from "./string-pool.ts";

const peer = z
  .object({
    podSelector: labelSelector.nullish(),
    namespaceSelector: labelSelector.nullish(),
    ipBlock: z.object({ cidr: requiredText, except: list(z.string()) }).nullish(),
  })
  .transform((p, context): PolicyPeer => {
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

const ports = list(z.object({ protocol, port: portOrName.nullish(), endPort: port.nullish() }));

const shape = z.object({
  spec: z
    .object({
      podSelector: labelSelector.nullish(),
      policyTypes: list(z.enum(["Ingress", "Egress"])),
      ingress: list(z.object({ from: list(peer), ports })),
      egress: list(z.object({ to: list(peer), ports })),
    })
    .nullish(),
});

export function readNetworkPolicy(raw: Raw, origin: Origin | undefined): Reading<NetworkPolicy> {
  return readNamespaced("network-policy", raw, origin, shape, (meta, { spec }) => {
    const ingress = (spec?.ingress ?? []).map((rule) => ruleOf(rule.from, rule.ports));
    const egress = (spec?.egress ?? []).map((rule) => ruleOf(rule.to, rule.ports));
    return {
      kind: "network-policy",
      ...meta,
      podSelector: selectorOf(spec?.podSelector),
      policyTypes: spec?.policyTypes?.length
        ? spec.policyTypes
        : egress.length > 0
          ? ["Ingress", "Egress"]
          : ["Ingress"],
      ingress,
      egress,
    };
  });
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

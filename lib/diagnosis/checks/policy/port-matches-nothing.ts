import { kubectl, kubectlGet, selectorArgument } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, pointer } from "#lib/engine/fix/patch.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { listed, listedUpTo } from "#lib/engine/object-words.ts";
import type { PortMiss, WhyMissed } from "#lib/engine/reachability/port-misses.ts";
import type { Evidence, Fix } from "#lib/model/finding.ts";
import type { ObjectId } from "#lib/model/ids.ts";
import type { Pod, PolicyPort } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";

/** On more workloads than this a finding about their policy would be everywhere. */
const mostTouched = 20;

export const policyPortMatchesNothing = defineCheck({
  id: "policy/port-matches-nothing",
  code: "NET-403",
  severity: "warning",
  summary: "A port of a NetworkPolicy matches nothing on the pods that it is about",
  inputs: ["networkPolicies", "pods", "services"],
  ifRead: ["namespaces"],
  *find({ portMisses, unread, ownerOf }) {
    // The pod that has the port, or the Service that leads to it, may be among those that were not read.
    if (unread.includes("pods") || unread.includes("services")) return;
    for (const miss of portMisses()) {
      if (miss === undefined) yield;
      else if (miss.kind === "undecided") yield unjudged("namespaces");
      else yield found(miss, (pod) => ownerOf.get(pod.id) ?? pod.id);
    }
  },
});

function found(miss: PortMiss, ownerOf: (pod: Pod) => ObjectId): Found {
  const { policy, direction, rule, path, clause, pods, why } = miss;
  const asked = portInWords(clause);
  const verb = direction === "ingress" ? "admits" : "lets out to";
  const near = nearMiss(clause, why);
  const owners = [...new Set(pods.map(ownerOf))];
  return {
    subject: policy.id,
    part: path,
    // Beside other ports of its rule a name may be there for pods that are yet to come.
    severity: why.is === "name" && near.value === undefined && !miss.alone ? "info" : "warning",
    message: `${policy.name} rule ${rule + 1} ${verb} ${asked}, ${sentence(miss)}`,
    evidence: [{ object: policy.id, path, value: asked }, ...evidence(clause, why)],
    nearMiss: near.sentence,
    fix: fixOf(miss, near.value),
    kubectl: kubectlLine(miss),
    touches: [
      ...(owners.length > mostTouched ? [] : owners),
      ...("services" in why ? why.services.map(({ service }) => service.id) : []),
    ],
  };
}

function portInWords({ port, protocol }: PolicyPort): string {
  return typeof port === "string" ? `the port named ${port} (${protocol})` : `${port}/${protocol}`;
}

/** The second half of "web rule 1 admits 80/TCP, …". */
function sentence({ direction, clause, why }: PortMiss): string {
  const whose = direction === "ingress" ? "the pods that it selects" : "the pods that it is about";
  switch (why.is) {
    case "service-port": {
      const names = listedUpTo(serviceNames(why.services), 2);
      return `the port of Service ${names}: policies see the pods' own, ${numberList(why.numbers)}`;
    }
    case "name":
      return `and none of ${whose} declares it`;
    case "protocol":
      return `and ${whose} declare ${clause.port} for ${listed(why.declared)} only`;
  }
}

interface Near {
  readonly sentence?: string | undefined;
  /** What the clause should say. */
  readonly value?: Readonly<Partial<Record<"port" | "protocol", number | string>>> | undefined;
}

function nearMiss({ port, protocol }: PolicyPort, why: WhyMissed): Near {
  switch (why.is) {
    case "service-port": {
      const [only, ...more] = why.numbers;
      return {
        sentence: `Service port ${port} leads to the pods' ${numberList(why.numbers)}`,
        value: only === undefined || more.length > 0 ? undefined : { port: only },
      };
    }
    case "protocol": {
      const [only, ...more] = why.declared;
      const byDefault = protocol === "TCP" ? "; TCP is what a policy means where it names no protocol" : "";
      return {
        sentence: `the pods declare ${port} for ${listed(why.declared)}${byDefault}`,
        value: only === undefined || more.length > 0 ? undefined : { protocol: only },
      };
    }
    case "name": {
      const { declared, named } = why;
      if (named !== undefined) {
        const [only, ...more] = named.numbers;
        return {
          sentence: `${port} is the name of a port of Service ${listedUpTo(serviceNames(named.services), 2)}, which leads to the pods' ${numberList(named.numbers)}`,
          value: only === undefined || more.length > 0 ? undefined : { port: only },
        };
      }
      const nearest = nearestOf(String(port), declared);
      if (declared.length === 0) return { sentence: "none of these pods names a port" };
      const words = `the pods declare the port ${declared.length === 1 ? "name" : "names"} ${listedUpTo(declared, 5)}`;
      return nearest === undefined
        ? { sentence: words }
        : {
            sentence: declared.length === 1 ? words : `${words}; ${nearest} is the closest`,
            value: { port: nearest },
          };
    }
  }
}

function fixOf({ policy, path, clause, rule }: PortMiss, value: Near["value"]): Fix {
  const [change] = Object.entries(value ?? {});
  if (change === undefined) {
    return {
      text: `Name a port that the pods have in rule ${rule + 1} of ${policy.name}, or take ${portInWords(clause)} out`,
    };
  }
  const [field, wanted] = change;
  return {
    text: `In rule ${rule + 1} of ${policy.name} set ${field} to ${wanted}`,
    // A protocol may not have been given.
    patch: jsonPatch(policy.id, {
      op: field === "port" ? "replace" : "add",
      path: pointer(path, field),
      value: wanted,
    }),
  };
}

function evidence(clause: PolicyPort, why: WhyMissed): readonly Evidence[] {
  if (why.is !== "service-port") return [];
  return why.services.slice(0, 3).flatMap(({ service }) =>
    service.ports.flatMap((port, i) =>
      port.port === clause.port && port.protocol === clause.protocol
        ? [
            {
              object: service.id,
              path: `spec.ports[${i}]`,
              value: `port ${port.port}, targetPort ${port.targetPort}`,
            },
          ]
        : [],
    ),
  );
}

function kubectlLine({ policy, direction, why }: PortMiss): string {
  if ("services" in why) {
    const { namespace, name } = why.services[0].service;
    return kubectl(namespace, "describe", "service", name);
  }
  if (direction === "egress") return kubectlGet(policy.id);
  const labels = selectorArgument(policy.podSelector);
  const which = labels === "" ? [] : ["-l", labels];
  return kubectl(
    policy.namespace,
    "get",
    "pods",
    ...which,
    "-o",
    "jsonpath={.items[*].spec.containers[*].ports}",
  );
}

function serviceNames(services: Extract<WhyMissed, { is: "service-port" }>["services"]): readonly string[] {
  return services.map(({ service }) => service.name);
}

function numberList(numbers: readonly number[]): string {
  return listedUpTo(numbers.map(String), 3);
}

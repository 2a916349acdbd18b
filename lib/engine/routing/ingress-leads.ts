import type { IngressFacts } from "../facts.ts";
import { ingressSamples, sampleHost } from "./http-samples.ts";
import { defaultPort } from "./http-scheme.ts";
import type { HttpRequest } from "./http-way.ts";
import type { HttpLead } from "./http-ways-to.ts";
import type { IngressGroup } from "./ingress-groups.ts";
import { coversTls } from "./ingress-tls.ts";

/** Every path and default backend of a class's Ingresses that sends requests to a Service. */
export function ingressLeads(group: IngressGroup): readonly HttpLead[] {
  return group.members.flatMap((member) => leadsOf(group, member));
}

function leadsOf(group: IngressGroup, member: IngressFacts): readonly HttpLead[] {
  const { ingress, backends } = member;
  const lead = (path: string, backendPath: string, hosts: readonly string[], paths: readonly string[]) => {
    const service = backends.find((backend) => backend.path === backendPath)?.service;
    if (service === undefined) return [];
    const rule = { object: ingress.id, path };
    const samples = () => hosts.flatMap((host) => paths.map((each) => requestOf(group, member, host, each)));
    return [{ service, entry: ingress.id, rule, samples }];
  };
  const byRule = ingress.rules.flatMap(({ host, paths }, i) =>
    paths.flatMap((path, j) => {
      const place = `spec.rules[${i}].http.paths[${j}]`;
      return lead(place, `${place}.backend`, [sampleHost(host)], ingressSamples(path));
    }),
  );
  // What the rules of its hosts leave over; without rules, all that there is.
  const hosts = ingress.rules.length === 0 ? [""] : ingress.rules.map(({ host }) => sampleHost(host));
  const rest = lead("spec.defaultBackend", "spec.defaultBackend", hosts, ["/", "/any"]);
  return [...byRule, ...rest];
}

function requestOf(group: IngressGroup, member: IngressFacts, host: string, path: string): HttpRequest {
  const scheme = coversTls(group, member, host) ? "https" : "http";
  return { scheme, host, port: defaultPort(scheme), path, query: "", method: "GET" };
}

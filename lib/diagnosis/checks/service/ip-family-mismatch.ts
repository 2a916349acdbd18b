import type { EndpointFact, ServiceFacts } from "#lib/engine/facts.ts";
import { ipFamilyOf } from "#lib/engine/families.ts";
import { kubectl } from "#lib/engine/fix/kubectl.ts";
import { jsonPatch, mergePatch, pointer } from "#lib/engine/fix/patch.ts";
import { counted } from "#lib/engine/object-words.ts";
import { isHeadless } from "#lib/engine/ports.ts";
import type { Fix } from "#lib/model/finding.ts";
import type { Service } from "#lib/model/objects.ts";
import { defineCheck, type Found, unjudged } from "../../check.ts";
import { behind } from "../../endpoint-reasons.ts";

type Judged = Pick<ServiceFacts, "service" | "endpoints">;

export const serviceIpFamilyMismatch = defineCheck({
  id: "service/ip-family-mismatch",
  code: "NET-114",
  severity: "error",
  summary: "A Service's address families are not those of its addresses or endpoints",
  inputs: ["services"],
  ifRead: ["endpointSlices", "pods"],
  *find({ services, unread }) {
    for (const facts of services) {
      const { service, backing, source } = facts;
      if (service.type === "ExternalName" || service.ipFamilies.length === 0) continue;
      yield* addressesOf(service);
      // The API server gives such a Service both families, whatever the cluster has.
      if (backing === "manual" && isHeadless(service)) continue;
      const missing = source === "computed" ? ("pods" as const) : ("endpointSlices" as const);
      if (source === "unknown" || unread.includes(missing)) yield unjudged(missing);
      // A pod of the other family is in no slice.
      else if (facts.endpoints.length === 0) yield unjudged("pods");
      else yield* endpointsOf(facts);
    }
  },
});

function* addressesOf(service: Service): Generator<Found> {
  const { id, name, namespace, ipFamilies, clusterIPs, externalIPs } = service;
  const found = (path: string, value: string) => ({
    subject: id,
    part: path,
    evidence: [
      { object: id, path: "spec.ipFamilies", value: ipFamilies.join(", ") },
      { object: id, path, value },
    ],
    kubectl: kubectl(namespace, "get", "service", name, "-o", "yaml"),
  });
  for (const [index, ip] of clusterIPs.entries()) {
    const [family, asked] = [ipFamilyOf(ip), ipFamilies[index]];
    if (family === undefined || asked === undefined || family === asked) continue;
    yield {
      ...found(`spec.clusterIPs[${index}]`, ip),
      message: `The cluster IP ${ip} of ${name} is an ${family} address where spec.ipFamilies asks for ${asked}`,
      fix: {
        text: `Create ${name} anew with families in the order of its addresses: they cannot be changed`,
      },
    };
  }
  for (const [index, ip] of externalIPs.entries()) {
    const family = ipFamilyOf(ip);
    if (family === undefined || ipFamilies.some((each) => each === family)) continue;
    const path = `spec.externalIPs[${index}]`;
    yield {
      ...found(path, ip),
      severity: "warning",
      message: `The external IP ${ip} of ${name} takes no traffic: the Service has no ${family}`,
      fix: {
        text: `Remove ${ip} from ${name}, or let the Service be dual-stack`,
        patch: jsonPatch(id, { op: "remove", path: pointer(path) }),
      },
    };
  }
}

/** Families of the Service for which no endpoint has an address. Mixed endpoints serve, each in its own family. */
function* endpointsOf({ service, endpoints }: Judged): Generator<Found> {
  const { id, name, namespace, ipFamilies } = service;
  const isServed = (family: string) =>
    endpoints.some(({ addresses }) => addresses.some((ip) => ipFamilyOf(ip) === family));
  const missing = ipFamilies.filter((family) => !isServed(family));
  // The first endpoint tells, nearly always.
  if (missing.length === 0) return;
  const addressed = endpoints.filter(({ addresses }) => addresses.length > 0);
  const own = ipFamilyOf(addressed[0]?.addresses[0] ?? "");
  if (own === undefined) return;
  for (const family of missing) {
    const index = ipFamilies.indexOf(family);
    const others = ipFamilies.filter((each) => !missing.includes(each));
    yield {
      subject: id,
      part: `spec.ipFamilies[${index}]`,
      // The other family works.
      severity: others.length > 0 ? "warning" : "error",
      message: `${name} asks for ${family}, and ${
        addressed.length === 1 ? "its only endpoint has" : `its ${counted(addressed.length, "endpoint")} have`
      } ${own} addresses only`,
      evidence: [
        { object: id, path: "spec.ipFamilies", value: ipFamilies.join(", ") },
        ...podAddresses(addressed),
      ],
      fix: fixFamilies(service, index, own),
      kubectl: kubectl(
        namespace,
        "get",
        "endpointslices",
        "-l",
        `kubernetes.io/service-name=${name}`,
        "-o",
        "custom-columns=NAME:.metadata.name,FAMILY:.addressType,ADDRESSES:.endpoints[*].addresses",
      ),
      touches: behind(addressed),
    };
  }
}

function podAddresses(endpoints: readonly EndpointFact[]) {
  return endpoints
    .slice(0, 3)
    .flatMap(({ pod, addresses }) =>
      pod === undefined ? [] : [{ object: pod, path: "status.podIPs", value: addresses.join(", ") }],
    );
}

/** The first family is for good; the second can be given up. */
function fixFamilies({ id, name, ipFamilies, clusterIPs }: Service, index: number, own: string): Fix {
  const lost = ipFamilies[index];
  const give = `give the nodes and pods ${lost} addresses`;
  if (index === 0)
    return {
      text: `Create ${name} anew with ipFamilies ${own}, or ${give}: the first family cannot be changed`,
    };
  const [address] = clusterIPs;
  return {
    text: `Let ${name} be single-stack, or ${give} and restart the pods`,
    patch: mergePatch(id, {
      spec: {
        ipFamilyPolicy: "SingleStack",
        ipFamilies: ipFamilies.slice(0, 1),
        ...(address === undefined ? {} : { clusterIPs: [address] }),
      },
    }),
  };
}

import type { Facts, IngressFacts } from "../facts.ts";
import { certificateRemark } from "../tls/certificate-remark.ts";
import { isGrpc, isTls } from "./http-scheme.ts";
import type { HttpRequest } from "./http-way.ts";
import type { IngressGroup } from "./ingress-groups.ts";

/**
 * Whether a certificate is named for a host. An entry without hosts is for those of its own Ingress ("Defaults to the
 * wildcard host setting for the loadbalancer controller", networking.k8s.io/v1, IngressTLS.hosts).
 */
export function coversTls(group: IngressGroup, entry: IngressFacts, host: string): boolean {
  return coveringTls(group, entry, host).length > 0;
}

function coveringTls(group: IngressGroup, entry: IngressFacts, host: string): readonly IngressFacts[] {
  return group.tls
    .find(host)
    .filter(({ item, fit }) => fit.kind !== "any" || item === entry)
    .map(({ item }) => item);
}

export function tlsRemarks(
  facts: Facts,
  group: IngressGroup,
  entry: IngressFacts,
  { scheme, host }: HttpRequest,
): readonly string[] {
  const covering = coveringTls(group, entry, host);
  const isCovered = covering.length > 0;
  const remarks: string[] = [];
  if (isTls(scheme)) {
    remarks.push(
      isCovered
        ? certificateRemark(facts, new Set(covering.map(({ ingress }) => ingress.id)), host)
        : `No tls entry names ${host}: its controller answers with its default certificate, if at all`,
    );
  } else if (isCovered) {
    remarks.push(`It has a certificate for ${host}: controllers usually redirect http to https then`);
  }
  if (isGrpc(scheme))
    remarks.push("Whether its controller speaks gRPC to the backend is in annotations, which are not read");
  return remarks;
}

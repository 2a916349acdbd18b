import { z } from "zod";
import type { Ingress, IngressBackend, IngressClass, Origin } from "#lib/model/objects.ts";
import { list, loadBalancerOf, loadBalancerStatus, port, requiredText, text } from "./api-shapes.ts";
import { type Raw, readClusterScoped, readNamespaced } from "./read-body.ts";
import type { Reading } from "./reading.ts";
import { intern, internOptional } from "./string-pool.ts";

/** networking.k8s.io/v1 writes `service`, the beta versions `serviceName` and `servicePort`. */
const backend = z
  .object({
    service: z
      .object({ name: requiredText, port: z.object({ number: port.nullish(), name: text }).nullish() })
      .nullish(),
    resource: z.object({ kind: requiredText, name: requiredText }).nullish(),
    serviceName: text,
    servicePort: z.union([port, z.string()]).nullish(),
  })
  .transform((b, context): IngressBackend => {
    if (b.service) {
      const port = b.service.port?.number || b.service.port?.name;
      if (port) return { kind: "service", name: b.service.name, port };
      context.addIssue({ code: "custom", path: ["service", "port"], message: "needs a number or a name" });
      return z.NEVER;
    }
    if (b.resource) return { kind: "resource", apiKind: intern(b.resource.kind), name: b.resource.name };
    if (b.serviceName && b.servicePort) {
      // In the beta versions a number in quotes is the number.
      const port = /^\d+$/.test(String(b.servicePort)) ? Number(b.servicePort) : b.servicePort;
      return { kind: "service", name: b.serviceName, port };
    }
    context.addIssue({ code: "custom", message: "needs a service with a port, or a resource" });
    return z.NEVER;
  });

const path = z.object({
  path: text,
  pathType: z.enum(["Exact", "Prefix", "ImplementationSpecific", ""]).nullish(),
  backend,
});

const shape = z.object({
  spec: z
    .object({
      ingressClassName: text,
      defaultBackend: backend.nullish(),
      /** The beta versions' name for `defaultBackend`. */
      backend: backend.nullish(),
      rules: list(z.object({ host: text, http: z.object({ paths: list(path) }).nullish() })),
      tls: list(z.object({ hosts: list(z.string()), secretName: text })),
    })
    .nullish(),
  status: loadBalancerStatus,
});

export function readIngress(raw: Raw, origin: Origin | undefined): Reading<Ingress> {
  return readNamespaced("ingress", raw, origin, shape, (meta, { spec, status }) => ({
    kind: "ingress",
    ...meta,
    // "When that annotation is set, it must be given precedence over this field" (IngressSpec.ingressClassName).
    className: meta.annotations["kubernetes.io/ingress.class"] || internOptional(spec?.ingressClassName),
    defaultBackend: spec?.defaultBackend ?? spec?.backend ?? undefined,
    rules: (spec?.rules ?? []).map((rule) => ({
      host: internOptional(rule.host),
      paths: (rule.http?.paths ?? []).map((p) => ({
        path: p.path || "/",
        pathType: p.pathType || "ImplementationSpecific",
        backend: p.backend,
      })),
    })),
    tls: (spec?.tls ?? []).map((t) => ({ hosts: t.hosts ?? [], secretName: t.secretName || undefined })),
    loadBalancer: loadBalancerOf(status),
  }));
}

const classShape = z.object({ spec: z.object({ controller: text }).nullish() });

export function readIngressClass(raw: Raw, origin: Origin | undefined): Reading<IngressClass> {
  return readClusterScoped("ingress-class", raw, origin, classShape, (meta, { spec }) => ({
    kind: "ingress-class",
    ...meta,
    controller: spec?.controller ?? "",
    isDefault: meta.annotations["ingressclass.kubernetes.io/is-default-class"] === "true",
  }));
}

/** The smallest change that makes a backend reference of an Ingress or a route lead somewhere. */
import type { Fix } from "#lib/model/finding.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import { kinds } from "#lib/model/kinds.ts";
import type { Gateway, Ingress, ListenerSet, Route, Service } from "#lib/model/objects.ts";
import type { BackendFact } from "../facts.ts";
import { nearestOf } from "../near-words.ts";
import { jsonPatch, pointer } from "./patch.ts";

type Reference = Pick<BackendFact, "path" | "servicePort">;

/** The Service is not there. `names`: of the Services that there are in its namespace. */
export function fixIngressService(
  ingress: Ingress,
  path: string,
  wanted: ObjectId,
  names: readonly string[],
): Fix {
  const { name, namespace = "" } = refOf(wanted);
  const meant = nearestOf(name, names);
  if (meant === undefined)
    return { text: `Create the Service ${name} in ${namespace}, or name one that exists there` };
  return {
    text: `Send the requests to the Service ${meant} instead`,
    patch: jsonPatch(ingress.id, { op: "replace", path: pointer(path, "service", "name"), value: meant }),
  };
}

interface PortMeant {
  readonly number: number;
  readonly name?: string | undefined;
}

export function fixIngressPort(
  ingress: Ingress,
  reference: Reference,
  service: Service | undefined,
  name: string,
): Fix {
  return fixPort(reference, service, name, (port) =>
    jsonPatch(ingress.id, {
      op: "replace",
      path: pointer(reference.path, "service", "port"),
      // A port is named or numbered, never both.
      value:
        typeof reference.servicePort === "string" && port.name !== undefined
          ? { name: port.name }
          : { number: port.number },
    }),
  );
}

function fixPort(
  { servicePort }: Reference,
  service: Service | undefined,
  name: string,
  patch: (port: PortMeant) => Fix["patch"],
): Fix {
  const port = portMeant(service, servicePort);
  return port === undefined
    ? { text: `Name a port that ${name} has, or add the port to ${name}` }
    : { text: `Send the requests to port ${port.number} of ${name}`, patch: patch(port) };
}

export function fixRouteService(wanted: ObjectId): Fix {
  const { name, namespace } = refOf(wanted);
  return { text: `Create the Service ${name} in ${namespace}, or name one that exists there` };
}

export function fixRoutePort(
  route: Route,
  reference: Reference,
  service: Service | undefined,
  name: string,
): Fix {
  // `add` also sets a port where none was given.
  return fixPort(reference, service, name, ({ number }) =>
    jsonPatch(route.id, { op: "add", path: pointer(reference.path, "port"), value: number }),
  );
}

/** The Service is in another namespace, whose owner has to permit the reference. */
export function fixReference(route: Route, service: ObjectId): Fix {
  const { name, namespace = "" } = refOf(service);
  const { api } = kinds[route.kind];
  return {
    text: `Create a ReferenceGrant in ${namespace} that lets ${api}s of ${route.namespace} refer to the Service ${name}`,
    manifest: referenceGrant(api, route.namespace, namespace, "Service", name),
  };
}

/** The same of a listener's certificate. */
export function fixSecretReference(user: Gateway | ListenerSet, secret: ObjectId): Fix {
  const { name, namespace = "" } = refOf(secret);
  const { api } = kinds[user.kind];
  return {
    text: `Create a ReferenceGrant in ${namespace} that lets ${api}s of ${user.namespace} refer to the Secret ${name}`,
    manifest: referenceGrant(api, user.namespace, namespace, "Secret", name),
  };
}

/** v1beta1 is served wherever ReferenceGrant is. */
function referenceGrant(
  apiKind: string,
  from: string,
  namespace: string,
  toKind: "Service" | "Secret",
  to: string,
): string {
  return `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: ${from}-to-${to}
  namespace: ${namespace}
spec:
  from:
    - group: gateway.networking.k8s.io
      kind: ${apiKind}
      namespace: ${from}
  to:
    - group: ""
      kind: ${toKind}
      name: ${to}
`;
}

/** The Service of a backend as a user names it from a namespace: `cart`, or `boutique/cart` in another namespace. */
export function serviceInWords(service: ObjectId, from: string): string {
  const { namespace, name } = refOf(service);
  return namespace === from ? name : `${namespace}/${name}`;
}

/** The port that a backend most likely means: the Service's only one, or the one whose name is closest. */
function portMeant(service: Service | undefined, asked: number | string | undefined): PortMeant | undefined {
  if (service === undefined) return undefined;
  if (service.ports.length === 1) return portOf(service, 0);
  const names = service.ports.flatMap(({ name }) => name ?? []);
  const closest = typeof asked === "string" ? nearestOf(asked, names) : undefined;
  return closest === undefined
    ? undefined
    : portOf(
        service,
        service.ports.findIndex(({ name }) => name === closest),
      );
}

function portOf(service: Service, index: number) {
  const port = service.ports[index];
  return port === undefined ? undefined : { number: port.port, name: port.name };
}

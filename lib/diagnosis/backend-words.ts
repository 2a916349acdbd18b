import type { BackendFact } from "#lib/engine/facts.ts";
import { nearestOf } from "#lib/engine/near-words.ts";
import { type ObjectId, refOf } from "#lib/model/ids.ts";
import type { Service } from "#lib/model/objects.ts";

/** Which requests a backend serves: `shop.example.com/cart`, `every host, /cart`. */
export function requestsOf({ host, match }: Pick<BackendFact, "host" | "match">): string {
  if (host === undefined) return match;
  return match.startsWith("/") ? `${host}${match}` : `${host} ${match}`;
}

/**
 * Whether an Ingress's controller answers the path itself and the Service named is only a key to an annotation: the
 * AWS load balancer controller has such a backend's port named `use-annotation`.
 */
export function answersByItself({ servicePort }: Pick<BackendFact, "servicePort">): boolean {
  return servicePort === "use-annotation";
}

/** The Service of a backend as a user names it from a namespace: `cart`, or `boutique/cart` in another namespace. */
export function serviceInWords(service: ObjectId, from: string): string {
  const { namespace, name } = refOf(service);
  return namespace === from ? name : `${namespace}/${name}`;
}

/** The port that a backend most likely means: the Service's only one, or the one whose name is closest. */
export function portMeant(
  service: Service | undefined,
  asked: number | string | undefined,
): { readonly number: number; readonly name?: string | undefined } | undefined {
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

/** The smallest change that gives an Ingress or a Gateway a class that exists. */
import type { Fix } from "#lib/model/finding.ts";
import type { Gateway, Ingress } from "#lib/model/objects.ts";
import { nearestOf } from "../near-words.ts";
import { mergePatch } from "./patch.ts";

/** `wanted`: the class that it names, which does not exist; undefined where it names none. `names`: of those that do. */
export function fixIngressClass(ingress: Ingress, wanted: string | undefined, names: readonly string[]): Fix {
  const meant = classMeant(wanted, names);
  if (meant !== undefined)
    return {
      text: `Name the IngressClass ${meant} in ${ingress.name}`,
      patch: mergePatch(ingress.id, { spec: { ingressClassName: meant } }),
    };
  return wanted === undefined
    ? { text: `Name an IngressClass in ${ingress.name}` }
    : { text: `Create the IngressClass ${wanted}, or name one that exists` };
}

export function fixGatewayClass(gateway: Gateway, names: readonly string[]): Fix {
  const { className } = gateway;
  const meant = classMeant(className, names);
  return meant === undefined
    ? { text: `Create the GatewayClass ${className}, or name one that exists` }
    : {
        text: `Name the GatewayClass ${meant} in ${gateway.name}`,
        patch: mergePatch(gateway.id, { spec: { gatewayClassName: meant } }),
      };
}

/** The one with the nearest name, else the only one there is. */
function classMeant(wanted: string | undefined, names: readonly string[]): string | undefined {
  const nearest = wanted === undefined ? undefined : nearestOf(wanted, names);
  return nearest ?? (names.length === 1 ? names[0] : undefined);
}

import type { ObjectId } from "#lib/model/ids.ts";
import type { DnsConfig, Service } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";

/** Who asks DNS: what of a pod decides how its resolver asks. */
export interface Asker {
  readonly namespace: string;
  readonly dnsPolicy: string;
  readonly dnsConfig?: DnsConfig | undefined;
  readonly hostNetwork: boolean;
}

/** What a name comes to inside a pod. */
export type NameAnswer =
  /** The Service's cluster IPs. */
  | { readonly kind: "service"; readonly service: Service }
  /** A headless Service: the addresses of its endpoints, each of them. */
  | { readonly kind: "endpoints"; readonly service: Service }
  /** One pod's own name below a headless Service. */
  | { readonly kind: "pod"; readonly service: Service; readonly pod: ObjectId }
  /** An address that the name itself spells: `10-244-0-7.shop.pod.cluster.local`. */
  | { readonly kind: "address"; readonly address: string }
  /** A name outside the cluster; whether it exists is for other servers to say. */
  | { readonly kind: "outside"; readonly hostname: string }
  | {
      readonly kind: "not-found";
      /** "no Service cart in shop", "an ExternalName that is an IP address". */
      readonly sentence: string;
      readonly nearMiss?: string | undefined;
      /** Where nothing is near: what names there are. */
      readonly there?: string | undefined;
      /** What is at fault, where it is an object. */
      readonly object?: ObjectId | undefined;
    }
  | { readonly kind: "unknown"; readonly doubt: Doubt };

/** A name that was asked for on the way to the answer. */
export interface NameStep {
  /** Fully qualified, without the final dot. */
  readonly name: string;
  /** "no such name", "Service shop/cart, 10.96.41.7", "an alias of db.example.com". */
  readonly result: string;
}

export interface Resolution {
  readonly answer: NameAnswer;
  /** In the order in which the resolver asks, up to the one that answered; aliases follow their targets. */
  readonly steps: readonly NameStep[];
  /** Servers that the resolver asks: the cluster's own, the node's (for everything else), or addresses of the pod's own. */
  readonly servers: "cluster" | "node" | readonly string[];
  /** ExternalName Services that the answer went through, in order; absent: none. */
  readonly aliases?: readonly ObjectId[] | undefined;
  readonly remarks: readonly string[];
}

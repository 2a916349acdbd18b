import type { Node, Pod, Protocol } from "#lib/model/objects.ts";
import type { Doubt } from "#lib/model/verdict.ts";
import type { Cidr } from "../cidr.ts";

/** One end of a packet, as the network plugin next to the pod at the other end sees it. */
export type PacketEnd =
  /** `address`: of the family that the packet is of; undefined where a template stands for a pod that has none yet. */
  | { readonly kind: "pod"; readonly pod: Pod; readonly address: Cidr | undefined }
  /** Something that runs on a node and in no pod: the kubelet, or traffic that the node took over. */
  | {
      readonly kind: "node";
      readonly name: string;
      /** Undefined where Nodes could not be read. */
      readonly node: Node | undefined;
      readonly address: Cidr | undefined;
    }
  /**
   * Outside the cluster. `hostname`: the name by which it was asked for, where it was. `block`: what a rule would name
   * for all that was asked about, where that is more than the one address.
   */
  | {
      readonly kind: "outside";
      readonly address: Cidr | undefined;
      readonly hostname?: string | undefined;
      readonly block?: string | undefined;
    }
  /** Something that was not found, so that it may be anything: whatever asks about it is in doubt. */
  | { readonly kind: "unseen"; readonly doubt: Doubt };

/**
 * A packet as policies see it: after a Service's address and port were translated, so that `port` is the destination
 * pod's own.
 */
export interface Packet {
  readonly source: PacketEnd;
  readonly destination: PacketEnd;
  readonly port: number;
  readonly protocol: Protocol;
}

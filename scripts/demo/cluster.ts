import type { DemoNode } from "./nodes.ts";
import type { Labels, Resource } from "./objects.ts";

export type Protocol = "TCP" | "UDP";
export type DeclaredPort = { name: string; port: number; protocol: Protocol };

/** What EndpointSlices need to know of a pod. */
export type PodRecord = {
  namespace: string;
  name: string;
  labels: Labels;
  ports: DeclaredPort[];
  node: DemoNode | undefined;
  ip: string | undefined;
  ready: boolean;
  terminating: boolean;
  finished: boolean;
  subdomain: string | undefined;
  readyChanged: string;
};

export class Cluster {
  readonly resources: Resource[] = [];
  readonly pods: PodRecord[] = [];

  add(...resources: Resource[]): void {
    this.resources.push(...resources);
  }
}

import { type ApiObject, apiObject } from "./api-object.ts";
import type { Chance } from "./chance.ts";
import type { App } from "./plan.ts";
import type { MadePod } from "./pods.ts";
import { labelsOf, selectorOf } from "./template.ts";

/** As many endpoints as the controller puts into one slice. */
const sliceSize = 100;

/** Gives out ClusterIPs of 10.96.0.0/12, one after the other. */
export function clusterIps(): () => string {
  let given = 256;
  return () => {
    given++;
    return `10.${96 + Math.floor(given / 65_536)}.${Math.floor(given / 256) % 256}.${given % 256}`;
  };
}

/** The app's Service and the slices that the controller makes for it. */
export function* serviceOf(
  chance: Chance,
  app: App,
  pods: readonly MadePod[],
  nextIp: () => string,
): Iterable<ApiObject> {
  const { namespace, name, fault } = app;
  const balanced = app.entry === "load-balancer";
  const ip = app.kind === "StatefulSet" ? "None" : nextIp();
  const port = {
    name: "http",
    port: 80,
    protocol: "TCP",
    targetPort: fault === "port-name-unknown" ? "web" : "http",
  };
  const address = { ip: `192.0.2.${1 + chance.below(250)}`, ipMode: "VIP" };
  const service = apiObject(chance, {
    apiVersion: "v1",
    kind: "Service",
    namespace,
    name,
    labels: labelsOf(app),
    ageSeconds: 6_000_000,
    body: {
      spec: {
        clusterIP: ip,
        clusterIPs: [ip],
        ...(balanced ? { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: "Cluster" } : {}),
        internalTrafficPolicy: "Cluster",
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        ports: [balanced ? { ...port, nodePort: 30_000 + chance.below(2_700) } : port],
        selector: fault === "wrong-selector" ? { "app.kubernetes.io/name": `${name}-v2` } : selectorOf(app),
        sessionAffinity: "None",
        type: balanced ? "LoadBalancer" : "ClusterIP",
      },
      status: {
        loadBalancer: balanced && fault !== "load-balancer-pending" ? { ingress: [address] } : {},
      },
    },
  });
  yield service;
  const endpoints = fault === "wrong-selector" ? [] : pods;
  for (let at = 0; at === 0 || at < endpoints.length; at += sliceSize) {
    yield sliceOf(chance, app, service, endpoints.slice(at, at + sliceSize));
  }
}

function sliceOf(chance: Chance, app: App, service: ApiObject, pods: readonly MadePod[]): ApiObject {
  const { namespace, name } = app;
  const hasPort = pods.length > 0 && app.fault !== "port-name-unknown";
  return apiObject(chance, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    namespace,
    name: `${name}-${chance.suffix(5)}`,
    generateName: `${name}-`,
    owner: service,
    ageSeconds: 6_000_000,
    labels: {
      ...labelsOf(app),
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      "kubernetes.io/service-name": name,
    },
    body: {
      addressType: "IPv4",
      endpoints: pods.map(({ object, ip, machine, state }) => ({
        addresses: [ip],
        conditions: { ready: state === "ready", serving: state === "ready", terminating: false },
        nodeName: machine.name,
        targetRef: { kind: "Pod", name: object.metadata.name, namespace, uid: object.metadata.uid },
        zone: machine.zone,
      })),
      ports: hasPort ? [{ name: "http", port: app.port, protocol: "TCP" }] : [],
    },
  });
}

import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { kinds } from "#lib/model/kinds.ts";
import { readObject } from "./read-object.ts";

const read = (yaml: string) => readObject(load(yaml));

describe("readObject", () => {
  it.each([
    ["v1", "Pod", "pods", "spec: {containers: [{name: web}]}"],
    ["v1", "Service", "services", "spec: {ports: [{port: 80}]}"],
    ["v1", "Endpoints", "endpointSlices", "subsets: []"],
    ["discovery.k8s.io/v1", "EndpointSlice", "endpointSlices", "addressType: IPv4"],
    ["discovery.k8s.io/v1beta1", "EndpointSlice", "endpointSlices", "addressType: IPv4"],
    ["networking.k8s.io/v1", "Ingress", "ingresses", "spec: {}"],
    ["networking.k8s.io/v1beta1", "Ingress", "ingresses", "spec: {}"],
    ["extensions/v1beta1", "Ingress", "ingresses", "spec: {}"],
    ["networking.k8s.io/v1", "IngressClass", "ingressClasses", "spec: {controller: k8s.io/ingress-nginx}"],
    ["networking.k8s.io/v1", "NetworkPolicy", "networkPolicies", "spec: {podSelector: {}}"],
    ["extensions/v1beta1", "NetworkPolicy", "networkPolicies", "spec: {podSelector: {}}"],
    ["apps/v1", "Deployment", "deployments", "spec: {template: {spec: {containers: []}}}"],
    ["extensions/v1beta1", "Deployment", "deployments", "spec: {template: {spec: {containers: []}}}"],
    ["extensions/v1beta1", "DaemonSet", "daemonSets", "spec: {template: {spec: {containers: []}}}"],
    ["apps/v1beta2", "ReplicaSet", "replicaSets", "spec: {template: {spec: {containers: []}}}"],
    ["apps/v1", "StatefulSet", "statefulSets", "spec: {template: {spec: {containers: []}}}"],
    ["batch/v1", "Job", "jobs", "spec: {template: {spec: {containers: []}}}"],
    [
      "batch/v1beta1",
      "CronJob",
      "cronJobs",
      "spec: {jobTemplate: {spec: {template: {spec: {containers: []}}}}}",
    ],
    ["v1", "Event", "events", "involvedObject: {kind: Pod, name: web}"],
    ["events.k8s.io/v1", "Event", "events", "regarding: {kind: Pod, name: web}"],
    ["v1", "Namespace", "namespaces", "spec: {}"],
    ["v1", "Node", "nodes", "spec: {}"],
    ["v1", "ConfigMap", "configMaps", "data: {Corefile: '.:53 {}'}"],
    ["gateway.networking.k8s.io/v1", "GatewayClass", "gatewayClasses", "spec: {controllerName: a/b}"],
    ["gateway.networking.k8s.io/v1beta1", "Gateway", "gateways", "spec: {gatewayClassName: a}"],
    ["gateway.networking.k8s.io/v1", "ListenerSet", "listenerSets", "spec: {parentRef: {name: a}}"],
    ["gateway.networking.k8s.io/v1", "HTTPRoute", "httpRoutes", "spec: {}"],
    ["gateway.networking.k8s.io/v1", "GRPCRoute", "grpcRoutes", "spec: {}"],
    ["gateway.networking.k8s.io/v1alpha2", "TLSRoute", "tlsRoutes", "spec: {}"],
    ["gateway.networking.k8s.io/v1alpha2", "TCPRoute", "tcpRoutes", "spec: {}"],
    ["gateway.networking.k8s.io/v1alpha2", "UDPRoute", "udpRoutes", "spec: {}"],
    ["gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "referenceGrants", "spec: {}"],
  ])("reads %s %s into %s", (apiVersion, kind, plural, body) => {
    const outcome = read(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web}, ${body}}`);
    expect(outcome).toMatchObject({ kind: "object", plural, object: { name: "web" } });
  });

  it("ignores kinds that the model has no use for, and ConfigMaps that are not CoreDNS's", () => {
    expect(read("{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}}")).toEqual({
      kind: "ignored",
      apiVersion: "v1",
      apiKind: "PersistentVolume",
    });
    expect(read("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {app: x}}")).toMatchObject({
      kind: "ignored",
    });
    expect(read("{apiVersion: example.com/v1, kind: Service, metadata: {name: a}}")).toMatchObject({
      kind: "ignored",
    });
  });

  it("keeps only what the model needs of the metadata", () => {
    const outcome = read(`
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        uid: 8728911b-c639-434c-86f4-bd7f6b58489f
        labels: {team: a}
        annotations:
          throughline.dev/ignore: NET-101
          alb.ingress.kubernetes.io/conditions.web: "[]"
          alb.ingress.kubernetes.io/scheme: internal
          kubectl.kubernetes.io/last-applied-configuration: "{}"
        managedFields: [{manager: kubectl}]
    `);
    expect(outcome).toEqual({
      kind: "object",
      plural: "namespaces",
      object: {
        kind: "namespace",
        id: "namespace/shop",
        name: "shop",
        labels: { team: "a", "kubernetes.io/metadata.name": "shop" },
        annotations: {
          "throughline.dev/ignore": "NET-101",
          "alb.ingress.kubernetes.io/conditions.web": "[]",
        },
        owners: [],
      },
    });
  });

  it("puts an object without a namespace into default, and drops a namespace that a cluster-scoped kind cannot have", () => {
    const service = read("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {}}");
    expect(service).toMatchObject({ object: { id: "service/default/web", namespace: "default" } });
    const node = read("{apiVersion: v1, kind: Node, metadata: {name: a, namespace: shop}}");
    expect(node).toMatchObject({ object: { id: "node/a" } });
    expect(node.kind === "object" && "namespace" in node.object).toBe(false);
  });

  it.each([
    ["no metadata", "{apiVersion: v1, kind: Service}", "metadata", "is required"],
    ["no name", "{apiVersion: v1, kind: Service, metadata: {}}", "metadata.name", "is required"],
    [
      "an empty name",
      "{apiVersion: v1, kind: Service, metadata: {name: ''}}",
      "metadata.name",
      "is required",
    ],
    [
      "only generateName",
      "{apiVersion: v1, kind: Pod, metadata: {generateName: a-}}",
      "metadata.name",
      "is made only at creation (generateName); give it a name",
    ],
    [
      "a slash in the name",
      "{apiVersion: v1, kind: Service, metadata: {name: a/b}}",
      "metadata.name",
      "is not a name that Kubernetes takes",
    ],
    [
      "a number as name",
      "{apiVersion: v1, kind: Service, metadata: {name: 12}}",
      "metadata.name",
      "must be a string; quote it",
    ],
    [
      "an unquoted number as label",
      "{apiVersion: v1, kind: Service, metadata: {name: a, labels: {version: 1.0}}}",
      "metadata.labels.version",
      "must be a string; quote it",
    ],
    [
      "an unquoted boolean as label",
      "{apiVersion: v1, kind: Service, metadata: {name: a, labels: {example.com/enabled: true}}}",
      'metadata.labels["example.com/enabled"]',
      "must be a string; quote it",
    ],
    [
      "an unquoted boolean as annotation",
      "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: {on: true}}}",
      "metadata.annotations.on",
      "must be a string; quote it",
    ],
    [
      "a list as labels",
      "{apiVersion: v1, kind: Service, metadata: {name: a, labels: [a]}}",
      "metadata.labels",
      "must be a mapping, not a list",
    ],
    [
      "a port that is missing",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{name: http}]}}",
      "spec.ports[0].port",
      "is required",
    ],
    [
      "a port in quotes",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}, {port: '81'}]}}",
      "spec.ports[1].port",
      "must be a number; remove the quotes",
    ],
    [
      "a port out of range",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 70000}]}}",
      "spec.ports[0].port",
      "is out of range: 70000",
    ],
    [
      "an unknown protocol",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, protocol: HTTP}]}}",
      "spec.ports[0].protocol",
      'must be TCP, UDP or SCTP, not "HTTP"',
    ],
    [
      "a number in quotes as target port",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, targetPort: '8080'}]}}",
      "spec.ports[0].targetPort",
      "is a number in quotes; remove the quotes",
    ],
    [
      "a mapping where a list belongs",
      "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: {port: 80}}}",
      "spec.ports",
      "must be a list, not a mapping",
    ],
    [
      "a label of a template",
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {metadata: {labels: {v: 2}}, spec: {}}}}",
      "spec.template.metadata.labels.v",
      "must be a string; quote it",
    ],
    [
      "no template",
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {}}",
      "spec.template",
      "is required",
    ],
    [
      "a null in a list",
      "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [null]}}",
      "spec.containers[0]",
      "is required",
    ],
  ])("tells the field and the reason of %s", (_, yaml, path, why) => {
    expect(read(yaml)).toMatchObject({ kind: "invalid", path, why });
  });

  it("names the object that is malformed as far as it can be told", () => {
    expect(
      read("{apiVersion: v1, kind: Service, metadata: {name: cart, namespace: shop}, spec: 1}"),
    ).toMatchObject({
      subject: "Service shop/cart",
    });
    expect(read("{apiVersion: v1, metadata: {name: cart}}")).toMatchObject({
      subject: "cart",
      path: "kind",
      why: "is required",
    });
    expect(read("{kind: Service, metadata: {name: cart}}")).toMatchObject({
      subject: "Service cart",
      path: "apiVersion",
    });
  });

  it("takes null for absent everywhere, as the API server does", () => {
    const outcome = read(`
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web, labels: null, annotations: null, ownerReferences: null, creationTimestamp: null}
      addressType: IPv4
      endpoints: null
      ports: null
    `);
    expect(outcome).toMatchObject({
      object: { endpoints: [], ports: [], labels: {}, owners: [], createdAt: undefined },
    });
  });

  it("survives an object that holds itself", () => {
    const pod: Record<string, unknown> = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };
    pod.spec = { containers: [pod], self: pod };
    expect(readObject(pod)).toMatchObject({ kind: "invalid", path: "spec.containers[0].name" });
    pod.metadata = pod;
    expect(readObject(pod)).toMatchObject({ kind: "invalid" });
  });

  it("never throws, whatever it is given", () => {
    const anyKind = fc.constantFrom(...Object.values(kinds));
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(["object", "invalid", "ignored"]).toContain(readObject(value).kind);
      }),
    );
    fc.assert(
      fc.property(anyKind, fc.anything(), fc.anything(), fc.anything(), (kind, spec, status, metadata) => {
        const apiVersion = kind.group === "" ? "v1" : `${kind.group}/v1`;
        const outcome = readObject({
          apiVersion,
          kind: kind.api,
          metadata,
          spec,
          status,
          data: spec,
          endpoints: status,
        });
        expect(["object", "invalid", "ignored"]).toContain(outcome.kind);
      }),
    );
  });
});

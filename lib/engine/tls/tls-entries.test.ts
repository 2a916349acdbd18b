import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import { secretsInUse, type TlsRef } from "./tls-entries.ts";

const secret = (name: string, namespace = "shop") =>
  `{apiVersion: v1, kind: Secret, metadata: {name: ${name}, namespace: ${namespace}}, type: kubernetes.io/tls}\n---\n`;
const ingress = (spec: string, meta = "") =>
  `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop${meta}}, spec: {${spec}}}\n---\n`;
const gateway = (listeners: string) =>
  `{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: public, namespace: shop}, spec: {gatewayClassName: x, listeners: [${listeners}]}}\n---\n`;
const listener = (name: string, hostname: string | undefined, more = "protocol: HTTPS", refs = "{name: a}") =>
  `{name: ${name}, port: 443, ${hostname === undefined ? "" : `hostname: "${hostname}", `}${more}, tls: {certificateRefs: [${refs}]}}`;
const route = (section: string, hostnames: string) =>
  `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: ${section}, namespace: shop}, spec: {parentRefs: [{name: public, sectionName: ${section}}], hostnames: [${hostnames}]}}\n---\n`;

const entriesOf = (yaml: string, as?: "manifests" | "dump") => factsFromYaml(yaml, as).tls;
const hostsOf = (yaml: string) =>
  entriesOf(yaml).map(({ path, hosts, within }) =>
    within === undefined ? [path, hosts] : [path, hosts, within],
  );

describe("the hosts of an entry", () => {
  const rules = "rules: [{host: a.example.com}, {host: b.example.com}, {}]";
  it.each<[string, string, unknown]>([
    [
      "those that it lists",
      "tls: [{hosts: [x.example.com], secretName: a}]",
      [["spec.tls[0]", ["x.example.com"]]],
    ],
    [
      "those of the rules where it lists none",
      `${rules}, tls: [{secretName: a}]`,
      [["spec.tls[0]", ["a.example.com", "b.example.com"]]],
    ],
    [
      "of the rules those that no other entry names",
      `${rules}, tls: [{secretName: a}, {secretName: b, hosts: [a.example.com]}]`,
      [
        ["spec.tls[0]", ["b.example.com"]],
        ["spec.tls[1]", ["a.example.com"]],
      ],
    ],
    ["none without a Secret", `${rules}, tls: [{hosts: [a.example.com]}]`, []],
  ])("of an Ingress are %s", (_what, spec, expected) => {
    expect(hostsOf(ingress(spec))).toEqual(expected);
  });

  it.each<[string, string, unknown]>([
    ["its hostname", gateway(listener("l", "a.example.com")), [["spec.listeners[0]", ["a.example.com"]]]],
    [
      "of a wildcard the routes' names",
      gateway(listener("l", "*.example.com")) + route("l", "a.example.com, b.example.org, '*.b.example.com'"),
      [["spec.listeners[0]", ["*.b.example.com", "a.example.com"], "*.example.com"]],
    ],
    [
      "of a wildcard all, where a route is for all",
      gateway(listener("l", "*.example.com")) + route("l", ""),
      [["spec.listeners[0]", ["*.example.com"], "*.example.com"]],
    ],
    [
      "without a hostname the routes'",
      gateway(listener("l", undefined)) + route("l", "a.example.com"),
      [["spec.listeners[0]", ["a.example.com"]]],
    ],
    ["none where it ends no TLS", gateway(listener("l", "a.example.com", "protocol: HTTP")), []],
    [
      "none where a certificate comes from elsewhere",
      gateway(
        listener("l", "a.example.com", "protocol: HTTPS", "{name: a}, {group: x.io, kind: Cert, name: b}"),
      ),
      [],
    ],
  ])("of a listener are %s", (_what, yaml, expected) => {
    expect(hostsOf(yaml)).toEqual(expected);
  });
});

describe("what became of a Secret", () => {
  const named = ingress("tls: [{secretName: shop-tls, hosts: [a.example.com]}]");
  const issued = ingress(
    "tls: [{secretName: shop-tls, hosts: [a.example.com]}]",
    ", annotations: {cert-manager.io/issuer: x}",
  );
  const certificate =
    "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: shop, namespace: shop}, spec: {secretName: shop-tls}}\n---\n";
  const standing = (yaml: string, as?: "manifests" | "dump"): TlsRef["standing"] | undefined =>
    entriesOf(yaml, as)[0]?.refs[0]?.standing;

  it.each<[string, string, "manifests" | "dump" | undefined, TlsRef["standing"]]>([
    ["is there", secret("shop-tls") + named, undefined, "found"],
    ["is not there", secret("other") + named, undefined, "missing"],
    ["is not there though something is to make it", certificate + issued, undefined, "missing"],
    ["is in the manifests", secret("shop-tls") + named, "manifests", "found"],
    ["is made by a Certificate in them", certificate + named, "manifests", "made"],
    ["is made for an annotation", issued, "manifests", "made"],
    ["is not in them", named, "manifests", "unknown"],
    ["is not in them, and another is", secret("other") + named, "manifests", "unknown"],
    ["is not in them, and one is called nearly so", secret("shop-tsl") + named, "manifests", "missing"],
    ["was not read", named.replace("namespace: shop", 'namespace: shop, uid: "1"'), "dump", "unknown"],
  ])("it %s", (_what, yaml, as, expected) => {
    expect(standing(yaml, as)).toBe(expected);
  });

  it("each once, with all that use it", () => {
    const yaml = named + gateway(`${listener("a", "a.example.com", "protocol: HTTPS", "{name: shop-tls}")}`);
    expect(
      secretsInUse(entriesOf(yaml)).map(({ ref, users }) => [ref.id, users.map(({ user }) => user.id)]),
    ).toEqual([["secret/shop/shop-tls", ["ingress/shop/web", "gateway/shop/public"]]]);
  });
});

it.each([
  ["an Ingress of the AWS load balancer", "ingressClassName: alb, "],
  ["one of its class by another name", "ingressClassName: internal-alb, "],
])("%s takes its certificates from elsewhere", (_what, spec) => {
  expect(entriesOf(ingress(`${spec}tls: [{secretName: a, hosts: [a.example.com]}]`))).toEqual([]);
});

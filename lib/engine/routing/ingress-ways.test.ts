import { describe, expect, it } from "vitest";
import { factsFromYaml } from "#lib/testing/facts-from-yaml.ts";
import type { HttpRequest, HttpWay } from "./http-way.ts";
import { httpWays } from "./http-ways.ts";

type Origin = "cluster" | "dump" | "manifests";

interface IngressGiven {
  readonly name?: string;
  readonly namespace?: string;
  readonly className?: string;
  readonly annotation?: string;
  readonly createdAt?: string;
  /** Lines of `spec`, in flow style. */
  readonly spec: string;
  readonly address?: string;
}

const ingress = ({ name = "web", namespace = "shop", spec, ...given }: IngressGiven) => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: ${namespace}
  ${given.createdAt === undefined ? "" : `creationTimestamp: "${given.createdAt}"`}
  annotations: { ${given.annotation === undefined ? "" : `kubernetes.io/ingress.class: ${given.annotation}`} }
spec: { ${given.className === "" ? "" : `ingressClassName: ${given.className ?? "nginx"}, `}${spec} }
${given.address === undefined ? "" : `status: { loadBalancer: { ingress: [{ ip: ${given.address} }] } }`}`;

const backend = (service: string) => `{ service: { name: ${service}, port: { number: 80 } } }`;

/** `Prefix /cart cart`: a path and the Service behind it. */
const rule = (host: string, ...paths: readonly string[]) => {
  const each = paths.map((words) => {
    const [pathType, path, service = "web"] = words.split(" ");
    return `{ path: "${path}", pathType: ${pathType}, backend: ${backend(service)} }`;
  });
  return `{ ${host === "" ? "" : `host: "${host}", `}http: { paths: [${each.join(", ")}] } }`;
};

const rules = (...given: readonly string[]) => `rules: [${given.join(", ")}]`;

const ingressClass = (name = "nginx", isDefault = false) => `
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: ${name}, annotations: { ingressclass.kubernetes.io/is-default-class: "${isDefault}" } }
spec: { controller: example.com/${name} }`;

const service = (name: string, namespace = "shop") => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { type: ExternalName, externalName: ${name}.example.org }`;

const services = ["web", "cart", "exact", "rest"].map((name) => service(name)).join("");

const request = (url: string): HttpRequest => {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const scheme = protocol.slice(0, -1) === "https" ? "https" : "http";
  const number = port === "" ? (scheme === "https" ? 443 : 80) : Number(port);
  return { scheme, host: hostname, port: number, path: pathname, query: search.slice(1), method: "GET" };
};

const ways = (yaml: string, url: string, as: Origin = "cluster") =>
  httpWays(factsFromYaml(yaml + services, as), request(url));

function only(yaml: string, url: string, as: Origin = "cluster"): HttpWay {
  const [way, ...more] = ways(yaml, url, as);
  if (way === undefined || more.length > 0) throw new Error(`${more.length + (way ? 1 : 0)} ways for ${url}`);
  return way;
}

/** "cart by Prefix /cart", or the reason of a refusal. */
function outcome({ answer }: HttpWay): string {
  if (answer.kind === "backends")
    return `${answer.backends.map(({ fact }) => fact.evidence.value).join()} by ${answer.rule.words}`;
  return answer.kind === "refused" ? answer.reason : answer.kind;
}

const nginx = ingressClass();

describe("among the paths of a host", () => {
  // The table "Examples" of the Ingress API, and what the API's comments add to it.
  it.each([
    [["Prefix / web"], "/any/path", "web:80 by Prefix /"],
    [["Exact /foo web"], "/foo", "web:80 by Exact /foo"],
    [["Exact /foo web"], "/bar", "NoMatchingRule"],
    [["Exact /foo web"], "/foo/", "NoMatchingRule"],
    [["Exact /foo/ web"], "/foo", "NoMatchingRule"],
    [["Prefix /foo web"], "/foo/", "web:80 by Prefix /foo"],
    [["Prefix /foo/ web"], "/foo", "web:80 by Prefix /foo/"],
    [["Prefix /aaa/bb web"], "/aaa/bbb", "NoMatchingRule"],
    [["Prefix /aaa/bbb web"], "/aaa/bbb/ccc", "web:80 by Prefix /aaa/bbb"],
    [["Prefix / web", "Prefix /aaa cart"], "/aaa/ccc", "cart:80 by Prefix /aaa"],
    [["Prefix / web", "Prefix /aaa cart", "Prefix /aaa/bbb rest"], "/aaa/bbb", "rest:80 by Prefix /aaa/bbb"],
    [["Prefix / web", "Prefix /aaa cart", "Prefix /aaa/bbb rest"], "/ccc", "web:80 by Prefix /"],
    [["Prefix /foo web", "Exact /foo exact"], "/foo", "exact:80 by Exact /foo"],
    [["Prefix /foo web", "Exact /foo exact"], "/foo/", "web:80 by Prefix /foo"],
    // An exact path is asked first, though a prefix with a slash at its end is longer.
    [["Prefix /foo/ web", "Exact /foo exact"], "/foo", "exact:80 by Exact /foo"],
    // "If both paths are present in an Ingress spec, the longest matching path (/foo/) is given priority."
    [["Prefix /foo web", "Prefix /foo/ cart"], "/foo", "cart:80 by Prefix /foo/"],
    [["Prefix /Cart web"], "/cart", "NoMatchingRule"],
    [["ImplementationSpecific /foo web"], "/foo/bar", "web:80 by ImplementationSpecific /foo"],
  ])("%j, %s goes to %s", (paths, path, expected) => {
    const yaml = ingress({ spec: rules(rule("shop.example.com", ...paths)) }) + nginx;
    expect(outcome(only(yaml, `http://shop.example.com${path}`))).toBe(expected);
    const backwards = ingress({ spec: rules(rule("shop.example.com", ...paths.toReversed())) }) + nginx;
    expect(outcome(only(backwards, `http://shop.example.com${path}`))).toBe(expected);
  });

  it("says that the controller decides what ImplementationSpecific means", () => {
    const yaml = ingress({ spec: rules(rule("shop.example.com", "ImplementationSpecific /foo")) }) + nginx;
    expect(only(yaml, "http://shop.example.com/foo").remarks).toEqual([
      "The controller decides what ImplementationSpecific /foo takes; here it is read as a prefix",
    ]);
  });

  it.each([
    [["ImplementationSpecific /foo web"], "/foobar", "unknown"],
    [["ImplementationSpecific /foo web", "Prefix / cart"], "/foobar", "unknown"],
    [["ImplementationSpecific /foo web", "Exact /foobar cart"], "/foobar", "cart:80 by Exact /foobar"],
    [["ImplementationSpecific /foo web", "Prefix /foobar cart"], "/foobar", "cart:80 by Prefix /foobar"],
    [["Prefix /foo web"], "/foobar", "NoMatchingRule"],
  ])("leaves to the controller whether it takes longer words: %j, %s: %s", (paths, path, expected) => {
    const yaml = ingress({ spec: rules(rule("shop.example.com", ...paths)) }) + nginx;
    expect(outcome(only(yaml, `http://shop.example.com${path}`))).toBe(expected);
  });

  it("gives the answer 404 with what there is, where nothing takes the path", () => {
    const yaml = ingress({ spec: rules(rule("shop.example.com", "Prefix /cart", "Exact /search")) }) + nginx;
    expect(only(yaml, "http://shop.example.com/carts")).toMatchObject({
      entry: "ingress/shop/web",
      words: "Ingress shop/web (class nginx)",
      answer: {
        kind: "refused",
        reason: "NoMatchingRule",
        sentence:
          "No path of shop.example.com takes /carts and there is no default backend, so the answer is 404",
        object: "ingress/shop/web",
        nearMiss: "the nearest path is /cart",
        evidence: [
          { object: "ingress/shop/web", path: "spec.rules[0].http.paths[0].path", value: "Prefix /cart" },
          { object: "ingress/shop/web", path: "spec.rules[0].http.paths[1].path", value: "Exact /search" },
        ],
      },
    });
  });
});

describe("a path that looks like a regular expression", () => {
  const yaml = (...paths: readonly string[]) =>
    ingress({ spec: rules(rule("shop.example.com", ...paths)) }) + nginx;
  const api = "ImplementationSpecific /api(/|$)(.*) cart";

  it("leaves the answer open where it may take the request, with what it would come to", () => {
    const { answer } = only(yaml("Prefix / web", api), "http://shop.example.com/api/x");
    expect(answer).toMatchObject({
      kind: "unknown",
      sentence:
        "The path /api(/|$)(.*) of web looks like a regular expression; whether it is read as one is for its controller to say",
      objects: ["ingress/shop/web"],
      likely: { kind: "backends", rule: { path: "spec.rules[0].http.paths[1]" } },
    });
  });

  it.each([
    [["Prefix / web", api], "/apis", "web:80 by Prefix /"],
    [[api], "/apis", "NoMatchingRule"],
    [[api], "/api", "unknown"],
    [[api, "Exact /api/x exact"], "/api/x", "exact:80 by Exact /api/x"],
    // The longest first, expression or not.
    [["ImplementationSpecific /(.*) web", "Prefix /api/v1 cart"], "/api/v1", "cart:80 by Prefix /api/v1"],
    [["Prefix /static/*"], "/static/x", "unknown"],
    [["ImplementationSpecific /*"], "/x", "unknown"],
    // Too costly to try, so it may match.
    [["ImplementationSpecific /(a+)+"], "/b", "unknown"],
    [["ImplementationSpecific /x/(a+)+"], "/b", "NoMatchingRule"],
    [["Exact /a*"], "/aa", "NoMatchingRule"],
    [["Prefix / web", "Prefix /c++ cart"], "/c++/x", "cart:80 by Prefix /c++"],
    [["Prefix / web", "Prefix /c++ cart"], "/ccc", "web:80 by Prefix /"],
    [["Prefix /a.b"], "/axb", "NoMatchingRule"],
  ])("%j, %s: %s", (paths, path, expected) => {
    expect(outcome(only(yaml(...paths), `http://shop.example.com${path}`))).toBe(expected);
  });
});

describe("among hosts", () => {
  const three = (extra = "") =>
    ingress({
      spec: `${rules(rule("shop.example.com", "Prefix / exact"), rule("*.example.com", "Prefix / cart"), rule("", "Prefix / web"))}${extra}`,
    }) + nginx;
  it.each([
    ["http://shop.example.com/", "exact:80 by Prefix /"],
    ["http://other.example.com/", "cart:80 by Prefix /"],
    // A wildcard of an Ingress "matches only a single label".
    ["http://a.b.example.com/", "web:80 by Prefix /"],
    ["http://example.com/", "web:80 by Prefix /"],
    ["http://example.org/", "web:80 by Prefix /"],
  ])("%s goes to %s", (url, expected) => {
    expect(outcome(only(three(), url))).toBe(expected);
  });

  it("compares in lower case", () => {
    const yaml = ingress({ spec: rules(rule("Shop.Example.com", "Prefix /")) }) + nginx;
    expect(outcome(only(yaml, "http://shop.example.com/"))).toBe("web:80 by Prefix /");
  });

  it("does not go on to a wider host for a path that the closest host lacks, and says who would", () => {
    const yaml =
      ingress({
        spec: rules(rule("shop.example.com", "Prefix /cart"), rule("*.example.com", "Prefix /api cart")),
      }) + nginx;
    const way = only(yaml, "http://shop.example.com/api");
    expect(outcome(way)).toBe("NoMatchingRule");
    expect(way.remarks).toEqual([
      "/api of *.example.com in web would take it; only controllers that do not choose the host first send it there",
    ]);
  });

  it("has nothing for a host that no rule names", () => {
    const yaml = ingress({ spec: rules(rule("shop.example.com", "Prefix /")) }) + nginx;
    expect(ways(yaml, "http://cart.example.com/")).toEqual([]);
  });
});

describe("the default backend", () => {
  const own = `defaultBackend: ${backend("rest")}`;
  const catchAll = (createdAt = "2026-01-01T00:00:00Z") =>
    ingress({ name: "fallback", createdAt, spec: `defaultBackend: ${backend("web")}` });
  const host = rules(rule("shop.example.com", "Prefix /cart cart"));

  it.each<[string, string, string, string]>([
    ["takes what no path of its host takes", ingress({ spec: `${host}, ${own}` }), "/x", "rest:80"],
    ["leaves what a path takes", ingress({ spec: `${host}, ${own}` }), "/cart", "cart:80"],
    [
      "of the host's own Ingress comes before that of one without rules",
      ingress({ spec: `${host}, ${own}` }) + catchAll("2025-01-01T00:00:00Z"),
      "/x",
      "rest:80",
    ],
    [
      "of an Ingress without rules takes the rest of every host",
      ingress({ spec: host }) + catchAll(),
      "/x",
      "web:80",
    ],
    [
      "takes all of a host whose rule has no paths",
      ingress({ spec: `rules: [{ host: shop.example.com }], ${own}` }),
      "/x",
      "rest:80",
    ],
  ])("%s", (_, yaml, path, expected) => {
    expect(outcome(only(yaml + nginx, `http://shop.example.com${path}`))).toMatch(expected);
  });

  it("takes hosts without any rule, that of an Ingress without rules first", () => {
    const yaml = ingress({ spec: `${host}, ${own}`, createdAt: "2020-01-01T00:00:00Z" }) + catchAll() + nginx;
    const way = only(yaml, "http://other.example.com/");
    expect([way.entry, outcome(way), way.remarks]).toEqual([
      "ingress/shop/fallback",
      "web:80 by default backend",
      [],
    ]);
  });

  it("of an Ingress with rules takes other hosts with a remark", () => {
    const way = only(ingress({ spec: `${host}, ${own}` }) + nginx, "http://other.example.com/");
    expect(outcome(way)).toBe("rest:80 by default backend");
    expect(way.remarks).toEqual([
      "web has rules besides its default backend; some controllers use that for the hosts of these rules only",
    ]);
  });

  it("is that of the same class", () => {
    const yaml = ingress({ spec: host }) + ingress({ name: "other", className: "traefik", spec: own });
    const found = ways(yaml + nginx + ingressClass("traefik"), "http://shop.example.com/x");
    expect(found.map(outcome)).toEqual(["NoMatchingRule"]);
  });
});

describe("Ingresses of one class", () => {
  const at = (name: string, createdAt: string, paths: readonly string[], more: Partial<IngressGiven> = {}) =>
    ingress({ name, createdAt, spec: rules(rule("shop.example.com", ...paths)), ...more });

  it("are one configuration, across namespaces", () => {
    const yaml =
      at("a", "2026-01-01T00:00:00Z", ["Prefix / web"]) +
      at("b", "2026-01-02T00:00:00Z", ["Prefix /cart cart"], { namespace: "team" }) +
      service("cart", "team") +
      nginx;
    expect(only(yaml, "http://shop.example.com/cart").entry).toBe("ingress/team/b");
    expect(only(yaml, "http://shop.example.com/").entry).toBe("ingress/shop/a");
  });

  it.each([
    ["by age", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "ingress/shop/b"],
    ["by name, where they are of one age", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "ingress/shop/a"],
  ])("that have one path twice are told apart %s, and both are named", (_, a, b, entry) => {
    const yaml = at("a", a, ["Prefix /x web"]) + at("b", b, ["Prefix /x cart"]) + nginx;
    const way = only(yaml, "http://shop.example.com/x/y");
    expect(way.entry).toBe(entry);
    const [winner, loser] = entry === "ingress/shop/a" ? ["shop/a", "shop/b"] : ["shop/b", "shop/a"];
    expect(way.remarks).toEqual([
      `${winner} and ${loser} both have /x of shop.example.com; the older, ${winner}, is what controllers usually take`,
    ]);
  });

  it("say that one of them has a path twice", () => {
    const yaml = at("a", "2026-01-01T00:00:00Z", ["Prefix /x web", "Prefix /x cart"]) + nginx;
    const way = only(yaml, "http://shop.example.com/x");
    expect([outcome(way), way.remarks]).toEqual([
      "web:80 by Prefix /x",
      [
        "a has /x of shop.example.com twice; the first (spec.rules[0].http.paths[0]) is what controllers usually take",
      ],
    ]);
  });

  it("are apart from those of another", () => {
    const yaml =
      at("a", "2026-01-01T00:00:00Z", ["Prefix / web"]) +
      at("b", "2026-01-02T00:00:00Z", ["Prefix / cart"], { className: "traefik" });
    const found = ways(yaml + nginx + ingressClass("traefik"), "http://shop.example.com/");
    expect(found.map((way) => [way.entry, outcome(way), way.remarks])).toEqual([
      ["ingress/shop/a", "web:80 by Prefix /", []],
      ["ingress/shop/b", "cart:80 by Prefix /", []],
    ]);
  });
});

describe("what annotations of ingress-nginx say", () => {
  const known = `
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }`;
  const annotated = (annotation: string, given: IngressGiven) =>
    ingress(given).replace("annotations: {", `annotations: { nginx.ingress.kubernetes.io/${annotation},`);
  const api = rules(rule("shop.example.com", "ImplementationSpecific /api(/|$)(.*) cart"));
  const plain = ingress({
    name: "plain",
    spec: rules(rule("shop.example.com", "Prefix /api/v1 exact", "Exact /api rest", "Prefix / web")),
  });

  it.each([
    ["/api/v1", "cart:80 by ImplementationSpecific /api(/|$)(.*)"],
    ["/API/x", "cart:80 by ImplementationSpecific /api(/|$)(.*)"],
    ["/apis", "rest:80 by Exact /api"],
    ["/x", "web:80 by Prefix /"],
  ])("that paths of a host are expressions, the longest first: %s: %s", (path, expected) => {
    const yaml = annotated("use-regex: 'true'", { spec: api }) + plain + known;
    const way = only(yaml, `http://shop.example.com${path}`);
    expect(outcome(way)).toBe(expected);
    expect(way.remarks).toContain(
      "ingress-nginx reads the paths of this host as regular expressions, the longest first, since an annotation asks for it",
    );
  });

  it("leave the answer open for an expression that would take long to try", () => {
    const slow = rules(rule("shop.example.com", "ImplementationSpecific /(a+)+b cart"));
    const way = only(annotated("use-regex: 'true'", { spec: slow }) + known, "http://shop.example.com/aaa");
    expect(way.answer).toMatchObject({
      kind: "unknown",
      sentence: "The path /(a+)+b of web is a regular expression that is not tried here",
    });
  });

  it("that a canary takes a share of another's requests, and none of its own", () => {
    const main = ingress({ spec: rules(rule("shop.example.com", "Prefix / web")) });
    const spec = rules(rule("shop.example.com", "Prefix / cart"), rule("next.example.com", "Prefix / cart"));
    const canary = annotated("canary: 'true', nginx.ingress.kubernetes.io/canary-weight: '10'", {
      name: "canary",
      createdAt: "2020-01-01T00:00:00Z",
      spec,
    });
    const way = only(main + canary + known, "http://shop.example.com/");
    expect(outcome(way)).toBe("web:80 by Prefix /");
    expect(way.remarks).toContain("The canary shop/canary takes some of these requests (canary-weight: 10)");
    expect(ways(main + canary + known, "http://next.example.com/")).toEqual([]);
  });
});

describe("an Ingress that no controller takes", () => {
  const spec = rules(rule("shop.example.com", "Prefix / web"));
  const cases: readonly (readonly [string, string, object])[] = [
    [
      "its class is missing, and another is near",
      ingress({ spec, className: "ngnix" }) + nginx + ingressClass("traefik"),
      {
        reason: "IngressClassMissing",
        sentence: "IngressClass ngnix does not exist, so no controller takes web",
        evidence: [{ object: "ingress/shop/web", path: "spec.ingressClassName", value: "ngnix" }],
        nearMiss: "there are nginx and traefik",
        fix: {
          text: "Name the IngressClass nginx in web",
          patch: { object: "ingress/shop/web", type: "merge", body: '{"spec":{"ingressClassName":"nginx"}}' },
        },
      },
    ],
    [
      "its class is missing, and there is none",
      ingress({ spec }),
      {
        reason: "IngressClassMissing",
        nearMiss: "there is no IngressClass",
        fix: { text: "Create the IngressClass nginx, or name one that exists" },
      },
    ],
  ];
  it.each(cases)("is refused: %s", (_, yaml, expected) => {
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      kind: "refused",
      object: "ingress/shop/web",
      ...expected,
    });
  });

  it("is told only where no other takes the host", () => {
    const yaml = ingress({ spec, className: "gone", name: "a" }) + ingress({ spec, name: "b" }) + nginx;
    expect(ways(yaml, "http://shop.example.com/").map(({ entry }) => entry)).toEqual(["ingress/shop/b"]);
  });

  const unnamed = ingress({ spec, className: "" });
  const several = ingressClass("b", true) + ingressClass("a", true);
  it.each([
    [
      "no default class is there",
      unnamed + nginx,
      "web names no class and there is no default class: only a controller that is set to take such Ingresses serves it",
    ],
    [
      "none of several defaults was filled in",
      unnamed + several,
      "web names no class and none of the default classes a and b was filled in: only a controller that is set to take such Ingresses serves it",
    ],
  ])("cannot be told of one that names no class where %s", (_, yaml, sentence) => {
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      kind: "unknown",
      sentence,
      likely: { kind: "backends" },
    });
  });

  it("is not one that names no class where an address or a controller's flag shows that one takes such Ingresses", () => {
    const withAddress = ingress({ spec, className: "", address: "198.51.100.7" });
    expect(outcome(only(withAddress + nginx, "http://shop.example.com/"))).toBe("web:80 by Prefix /");
    const controller = `
---
apiVersion: v1
kind: Pod
metadata: { name: nginx, namespace: ingress-nginx }
spec: { containers: [{ name: controller, args: [/nginx-ingress-controller, --watch-ingress-without-class=true] }] }`;
    const way = only(unnamed + nginx + controller, "http://shop.example.com/");
    expect(outcome(way)).toBe("web:80 by Prefix /");
    expect(way.remarks).toContain("web names no class; pod/nginx takes such Ingresses");
  });

  it("cannot be told of one that has an address all the same", () => {
    const yaml = ingress({ spec, className: "gone", address: "198.51.100.7" }) + nginx;
    expect(only(yaml, "http://shop.example.com/").answer).toMatchObject({
      kind: "unknown",
      sentence: expect.stringContaining("yet its status has the address 198.51.100.7"),
      objects: ["ingress/shop/web"],
      likely: { kind: "backends" },
    });
  });
});

describe("a class that was not read", () => {
  const spec = rules(rule("shop.example.com", "Prefix / web"));
  it.each<[string, string, Origin, string]>([
    ["leaves the answer open", ingress({ spec }), "dump", "unknown"],
    ["leaves it open where none is named", ingress({ spec, className: "" }), "manifests", "unknown"],
    ["is taken to be there in manifests that name it", ingress({ spec }), "manifests", "web:80 by Prefix /"],
    [
      "does not matter where an address shows that a controller takes the Ingress",
      ingress({ spec, address: "198.51.100.7" }),
      "dump",
      "web:80 by Prefix /",
    ],
    [
      "does not matter where another of the class has an address",
      ingress({ spec }) +
        ingress({ name: "zzz", spec: `defaultBackend: ${backend("web")}`, address: "198.51.100.7" }),
      "dump",
      "web:80 by Prefix /",
    ],
    [
      "is not needed for the old annotation",
      ingress({ spec, className: "", annotation: "nginx" }),
      "cluster",
      "web:80 by Prefix /",
    ],
  ])("%s", (_, yaml, as, expected) => {
    expect(outcome(only(yaml, "http://shop.example.com/", as))).toBe(expected);
  });

  it("has the answer that it would come to beside the doubt", () => {
    expect(only(ingress({ spec }), "http://shop.example.com/", "dump").answer).toMatchObject({
      kind: "unknown",
      sentence: "Whether a controller takes it is not known: IngressClasses could not be read",
      objects: ["ingress/shop/web"],
      likely: { kind: "backends", backends: [{ share: 1 }] },
    });
  });

  it("is merged by the name that the annotation or the field gives", () => {
    const yaml =
      ingress({ name: "a", className: "", annotation: "nginx", spec }) +
      ingress({ name: "b", spec: rules(rule("shop.example.com", "Prefix /cart cart")) });
    expect(ways(yaml + nginx, "http://shop.example.com/cart").map(({ entry }) => entry)).toEqual([
      "ingress/shop/b",
    ]);
    expect(ways(yaml, "http://shop.example.com/cart", "manifests").map(({ entry }) => entry)).toEqual([
      "ingress/shop/b",
    ]);
  });

  it("is the default one for an Ingress without class, which a cluster fills in on create only", () => {
    const yaml = ingress({ spec, className: "" }) + ingressClass("nginx", true);
    const way = only(yaml, "http://shop.example.com/");
    expect([outcome(way), way.remarks]).toEqual([
      "web:80 by Prefix /",
      [
        "web names no class: the default class nginx is filled in only as an Ingress is created, so this one may be older and ignored",
      ],
    ]);
    expect(only(yaml, "http://shop.example.com/", "manifests").remarks).toEqual([]);
  });
});

describe("ports and TLS", () => {
  const spec = `${rules(rule("shop.example.com", "Prefix / web"), rule("*.example.org", "Prefix / web"))}, tls: [{ hosts: [shop.example.com, "*.example.org"], secretName: s }]`;
  const yaml = ingress({ spec }) + nginx;
  const plain = ingress({ spec: rules(rule("shop.example.com", "Prefix / web")) }) + nginx;
  it.each([
    [yaml, "https://shop.example.com/", ["It has no certificate: the Secret shop/s does not exist"]],
    [yaml, "https://a.example.org/", ["It has no certificate: the Secret shop/s does not exist"]],
    [
      yaml,
      "http://shop.example.com/",
      ["It has a certificate for shop.example.com: controllers usually redirect http to https then"],
    ],
    [
      plain,
      "https://shop.example.com/",
      ["No tls entry names shop.example.com: its controller answers with its default certificate, if at all"],
    ],
    [plain, "http://shop.example.com/", []],
    // "Defaults to the wildcard host setting for the loadbalancer controller".
    [
      ingress({ spec: `${rules(rule("shop.example.com", "Prefix / web"))}, tls: [{ secretName: s }]` }) +
        nginx,
      "https://shop.example.com/",
      ["It has no certificate: the Secret shop/s does not exist"],
    ],
    // Certificates belong to the controller, whichever Ingress names them.
    [
      plain +
        ingress({
          name: "certificates",
          spec: `defaultBackend: ${backend("web")}, tls: [{ hosts: [shop.example.com], secretName: s }]`,
        }),
      "https://shop.example.com/",
      ["It has no certificate: the Secret shop/s does not exist"],
    ],
  ])("are remarked on (%#)", (given, url, remarks) => {
    const way = only(given, url);
    expect([outcome(way), way.remarks]).toEqual(["web:80 by Prefix /", remarks]);
  });

  it.each([
    ["https://shop.example.com:80/", "use http, or port 443"],
    ["http://shop.example.com:443/", "use https, or port 80"],
  ])("refuse %s", (url, nearMiss) => {
    expect(only(yaml, url)).toMatchObject({
      answer: { kind: "refused", reason: "NoListener", nearMiss },
      remarks: [],
    });
  });

  it("cannot be told of ports that an Ingress does not have", () => {
    expect(only(yaml, "http://shop.example.com:8080/").answer).toMatchObject({
      kind: "unknown",
      sentence:
        "An Ingress stands for ports 80 and 443; whether its controller also listens on 8080 is not in it",
      likely: { kind: "backends" },
    });
  });
});

describe("a backend", () => {
  const to = (service: string, port = "number: 80") =>
    ingress({
      spec: rules(
        `{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${service}, port: { ${port} } } } }] } }`,
      ),
      address: "198.51.100.7",
    }) + nginx;
  const clusterIp = `
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ name: http, port: 80 }] }`;

  it("is given as it was judged, with the entry's addresses", () => {
    expect(only(to("web"), "http://shop.example.com/")).toMatchObject({
      addresses: ["198.51.100.7"],
      answer: {
        rule: { object: "ingress/shop/web", path: "spec.rules[0].http.paths[0]", words: "Prefix /" },
        backends: [
          { fact: { path: "spec.rules[0].http.paths[0].backend", state: "ok" }, share: 1, fix: undefined },
        ],
      },
    });
  });

  it.each([
    [
      "whose Service is missing",
      to("wep"),
      "service-missing",
      "/spec/rules/0/http/paths/0/backend/service/name",
    ],
    [
      "whose port is missing",
      to("api", "number: 8080") + clusterIp,
      "port-missing",
      "/spec/rules/0/http/paths/0/backend/service/port",
    ],
  ])("%s has the fix beside it", (_, yaml, state, path) => {
    const { answer } = only(yaml, "http://shop.example.com/");
    expect(answer).toMatchObject({ kind: "backends", backends: [{ fact: { state } }] });
    const fix = answer.kind === "backends" ? answer.backends[0]?.fix : undefined;
    expect(fix?.patch?.body).toContain(`"path":"${path}"`);
  });

  it("that only names an annotation is not read", () => {
    expect(outcome(only(to("ssl-redirect", "name: use-annotation"), "http://shop.example.com/"))).toBe(
      "unknown",
    );
  });

  it("has no addresses yet where the status is empty, and none to tell without a status", () => {
    const spec = rules(rule("shop.example.com", "Prefix / web"));
    const empty = `${ingress({ spec })}
status: { loadBalancer: {} }`;
    expect(only(empty + nginx, "http://shop.example.com/").addresses).toEqual([]);
    expect(only(ingress({ spec }) + nginx, "http://shop.example.com/").addresses).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EndRef, parseQuestion, type QuestionText } from "./question.ts";

function to(text: string, more: Partial<QuestionText> = {}): string {
  return told(parseQuestion({ from: "internet", to: text, ...more }), "to");
}

function from(text: string): string {
  return told(parseQuestion({ from: text, to: "internet" }), "from");
}

/** "object deployment/shop/cart :80/UDP", "problem port: …". */
function told(parsed: ReturnType<typeof parseQuestion>, field: "from" | "to"): string {
  if (parsed.kind === "problem") {
    const { field: at, sentence, nearest } = parsed.problem;
    return `${at}: ${sentence}${nearest.length === 0 ? "" : ` [${nearest.join(", ")}]`}`;
  }
  const { [field]: end, port, protocol } = parsed.value;
  const shown = `${end.kind} ${end.text}`;
  return `${shown}${port === undefined ? "" : ` :${port}`}${protocol === "TCP" ? "" : `/${protocol}`}`;
}

const formsOfTo =
  "to takes namespace/kind/name, namespace/name (a pod), an IP, a CIDR, internet, a DNS name or a URL";
const formsOfFrom = "from takes namespace/kind/name, namespace/name (a pod), an IP, a CIDR or internet";

describe("the end to reach", () => {
  it.each([
    ["internet", "internet internet"],
    ["Internet", "internet internet"],
    ["shop/deployment/cart", "object shop/deployment/cart"],
    ["shop/deploy/cart", "object shop/deployment/cart"],
    ["shop/Deployment/cart", "object shop/deployment/cart"],
    ["deployment/shop/cart", "object shop/deployment/cart"],
    ["shop/sts/redis", "object shop/statefulset/redis"],
    ["shop/stateful-set/redis", "object shop/statefulset/redis"],
    ["shop/svc/cart", "object shop/service/cart"],
    ["shop/service/cart:80", "object shop/service/cart :80"],
    ["shop/cart-0", "object shop/cart-0"],
    ["shop/pod/cart-0", "object shop/cart-0"],
    ["pod/shop/cart-0", "object shop/cart-0"],
    ["shop/cart-0:8080", "object shop/cart-0 :8080"],
    ["node/node-1", "object node/node-1"],
    ["no/node-1:22", "object node/node-1 :22"],
    ["10.0.0.1", "addresses 10.0.0.1"],
    ["10.0.0.1:5432", "addresses 10.0.0.1 :5432"],
    ["10.0.0.0/8", "addresses 10.0.0.0/8"],
    ["10.0.0.0/8:443", "addresses 10.0.0.0/8 :443"],
    ["fd00::1", "addresses fd00::1"],
    ["[fd00::1]", "addresses fd00::1"],
    ["[fd00::1]:53", "addresses fd00::1 :53"],
    ["fd00::/64", "addresses fd00::/64"],
    ["cart", "name cart"],
    ["cart.shop", "name cart.shop"],
    ["cart.shop:80", "name cart.shop :80"],
    ["cart.shop.svc.cluster.local.", "name cart.shop.svc.cluster.local."],
    ["_http._tcp.cart.shop.svc.cluster.local", "name _http._tcp.cart.shop.svc.cluster.local"],
    ["https://shop.example.com", "url https://shop.example.com/ :443"],
    ["http://Shop.example.com./cart?id=1", "url http://shop.example.com/cart?id=1 :80"],
    ["https://shop.example.com:8443/cart", "url https://shop.example.com:8443/cart :8443"],
    ["grpc://cart.shop:50051/shop.Cart/Add", "url grpc://cart.shop:50051/shop.Cart/Add :50051"],
    ["http://[fd00::1]/", "url http://[fd00::1]/ :80"],
    ["  shop/cart-0  ", "object shop/cart-0"],
  ])("may be %j", (text, expected) => {
    expect(to(text)).toBe(expected);
  });

  it.each([
    ["", `to: to is empty; it takes ${formsOfTo.slice("to takes ".length)}`],
    ["10.0.0.300", "to: 10.0.0.300 is no IP address and no CIDR"],
    ["10.0.0.0/33", "to: 10.0.0.0/33 is no IP address and no CIDR"],
    ["fd00::zz", "to: fd00::zz is no IP address and no CIDR"],
    ["1.2.3", "to: 1.2.3 is no IP address and no CIDR"],
    ["my cart", `to: my cart is no DNS name: a space may not stand in one; ${formsOfTo}`],
    ["shop//cart", `to: shop//cart names no object; ${formsOfTo}`],
    ["a/b/c/d", `to: a/b/c/d names no object; ${formsOfTo}`],
    [
      "shop/deploymnet/cart",
      `to: deploymnet is no kind that Throughline reads; ${formsOfTo} [shop/deployment/cart]`,
    ],
    [
      "shop/ingress/web",
      "to: shop/ingress/web is an Ingress, which takes no packets; name a Service, a workload, a pod or a node",
    ],
    [
      "namespace/shop",
      "to: namespace/shop is a Namespace, which takes no packets; name a Service, a workload, a pod or a node",
    ],
    [
      "ftp://files.example.com",
      "to: ftp://files.example.com is no URL of a scheme that is served here: http, https, grpc, grpcs",
    ],
    ["http://", "to: http:// is no URL"],
  ])("is not %j", (text, expected) => {
    expect(to(text)).toBe(expected);
  });
});

describe("the end that sends", () => {
  it.each([
    ["internet", "internet internet"],
    ["shop/deployment/cart", "object shop/deployment/cart"],
    ["shop/cart-0", "object shop/cart-0"],
    ["node/node-1", "object node/node-1"],
    ["203.0.113.7", "addresses 203.0.113.7"],
    ["10.0.0.0/8", "addresses 10.0.0.0/8"],
  ])("may be %j", (text, expected) => {
    expect(from(text)).toBe(expected);
  });

  it.each([
    ["cart", `from: cart is no source; ${formsOfFrom} [default/cart]`],
    [
      "shop/service/cart",
      "from: shop/service/cart is a Service, which sends no packets; name a workload, a pod or a node",
    ],
    [
      "https://shop.example.com/",
      "from: https://shop.example.com/ is a URL, and only packets to one can be asked about",
    ],
    [
      "shop/cart-0:80",
      "from: shop/cart-0:80 has a port, and a source has none; shop/cart-0 is enough [shop/cart-0]",
    ],
    ["10.0.0.1:80", "from: 10.0.0.1:80 has a port, and a source has none; 10.0.0.1 is enough [10.0.0.1]"],
    ["", `from: from is empty; it takes ${formsOfFrom.slice("from takes ".length)}`],
  ])("is not %j", (text, expected) => {
    expect(from(text)).toBe(expected);
  });
});

describe("the port and the protocol", () => {
  const noPort = "ports are whole numbers from 1 to 65535, or a port's name";

  it.each([
    [{ port: 80 }, "name cart :80"],
    [{ port: "80" }, "name cart :80"],
    [{ port: " 80 " }, "name cart :80"],
    [{ port: "http" }, "name cart :http"],
    [{ port: "" }, "name cart"],
    [{ port: "  " }, "name cart"],
    [{ port: 53, protocol: "udp" }, "name cart :53/UDP"],
    [{ protocol: "" }, "name cart"],
    [{ port: 0 }, `port: 0 is no port; ${noPort}`],
    [{ port: 70_000 }, `port: 70000 is no port; ${noPort}`],
    [{ port: 80.5 }, `port: 80.5 is no port; ${noPort}`],
    [{ port: "-1" }, `port: -1 is no port; ${noPort}`],
    [{ port: "ht tp" }, `port: ht tp is no port; ${noPort}`],
    [
      { protocol: "ICMP" },
      "protocol: ICMP is no protocol that Services and policies know; it may be TCP, UDP or SCTP [TCP, UDP, SCTP]",
    ],
  ])("of %j come to %s", (more, expected) => {
    expect(to("cart", more)).toBe(expected);
  });

  it("count beside the end before one in it", () => {
    expect(to("cart.shop:80", { port: 90 })).toBe("name cart.shop :90");
    expect(to("cart.shop:99999")).toBe(`port: 99999 is no port; ${noPort}`);
  });

  it("change the request of a URL", () => {
    const parsed = parseQuestion({ from: "internet", to: "https://shop.example.com/cart", port: 8443 });
    expect(parsed).toMatchObject({
      value: { port: 8443, to: { text: "https://shop.example.com:8443/cart", request: { port: 8443 } } },
    });
    expect(to("http://shop.example.com/", { port: "http" })).toBe(
      "port: http is a port's name, and the port of a URL is a number",
    );
    expect(to("http://shop.example.com/", { protocol: "UDP" })).toBe(
      "protocol: http://shop.example.com/ is asked for by TCP, not UDP [TCP]",
    );
  });
});

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const octet = fc.nat({ max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
const text = fc.oneof(
  fc.constant("internet"),
  address,
  fc.tuple(address, fc.nat({ max: 32 })).map(([at, length]) => `${at}/${length}`),
  fc.nat({ max: 0xffff }).map((last) => `fd00::${last.toString(16)}`),
  fc.tuple(name, name).map((parts) => parts.join("/")),
  fc
    .tuple(name, fc.constantFrom("deployment", "sts", "DaemonSet", "svc", "pod", "cj"), name)
    .map((parts) => parts.join("/")),
  name.map((each) => `node/${each}`),
  fc.array(name, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
  fc
    .tuple(
      fc.constantFrom("http", "https", "grpc", "grpcs"),
      name,
      fc.option(fc.integer({ min: 1, max: 65_535 })),
      fc.webPath(),
    )
    .map(
      ([scheme, host, port, path]) =>
        `${scheme}://${host}.example.com${port === null ? "" : `:${port}`}${path}`,
    ),
);

function endOf(written: string): EndRef | undefined {
  const parsed = parseQuestion({ from: "internet", to: written });
  return parsed.kind === "ok" ? parsed.value.to : undefined;
}

describe("an end", () => {
  it("is itself again when it is read from its own text", () => {
    fc.assert(
      fc.property(text, (written) => {
        const end = endOf(written);
        // A first part that is the word for a kind that takes no packets makes it another question.
        if (end === undefined) return;
        expect(endOf(end.text)).toEqual(end);
      }),
      { numRuns: 2000 },
    );
  });

  it("is never an exception, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (one, other) => {
        expect(parseQuestion({ from: one, to: other, port: other, protocol: one }).kind).toMatch(
          /ok|problem/,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

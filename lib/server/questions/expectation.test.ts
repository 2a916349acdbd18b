import { describe, expect, it } from "vitest";
import { readExpectation } from "./expectation.ts";

const good = { from: "shop/deployment/web", to: "shop/service/cart", expect: "reachable" };

function faults(value: unknown): readonly string[] {
  const reading = readExpectation(value);
  return reading.kind === "faulty" ? reading.faults.map(({ why }) => why) : [];
}

describe("readExpectation", () => {
  it("takes a question as its author wrote it, and apart", () => {
    expect(readExpectation({ ...good, port: "http", protocol: "udp" })).toMatchObject({
      kind: "expectation",
      expectation: {
        from: "shop/deployment/web",
        to: "shop/service/cart",
        port: "http",
        expect: "reachable",
        question: { port: "http", protocol: "UDP", to: { kind: "object" } },
      },
    });
  });

  it("takes any port and TCP where neither is given", () => {
    expect(readExpectation(good)).toMatchObject({
      expectation: { port: undefined, question: { port: undefined, protocol: "TCP" } },
    });
  });

  it.each(["reachable", "blocked", "depends", "unknown"])("takes the verdict %s", (verdict) => {
    expect(readExpectation({ ...good, expect: verdict }).kind).toBe("expectation");
  });

  it.each([
    [
      { to: "a/b", expect: "blocked" },
      "from is missing; it takes namespace/kind/name, namespace/name (a pod)",
    ],
    [{ from: "a/b", expect: "blocked" }, "to is missing; it takes what from takes, a Service"],
    [{ from: "a/b", to: "c/d" }, "expect is missing; it takes reachable, blocked, depends or unknown"],
    [{ ...good, from: 10 }, "from is the number 10; it takes"],
    [{ ...good, to: null }, "to is empty; it takes"],
    [{ ...good, to: " " }, "to: to is empty; it takes"],
    [{ ...good, to: ["a/b"] }, "to is a list; it takes"],
    [{ ...good, port: null }, "port is empty; leave it out for any port"],
    [{ ...good, port: "" }, "port is empty; leave it out for any port"],
    [{ ...good, port: true }, "port is true; it takes a number or a port's name"],
    [{ ...good, port: 65_536 }, "port: 65536 is no port; ports are whole numbers from 1 to 65535"],
    [{ ...good, port: 80.5 }, "port: 80.5 is no port"],
    [{ ...good, port: -1 }, "port: -1 is no port"],
    [{ ...good, protocol: null }, "protocol is empty; leave it out for TCP"],
    [{ ...good, protocol: "ICMP" }, "protocol: ICMP is no protocol"],
    [{ ...good, protocol: 6 }, "protocol is the number 6; it takes TCP, UDP or SCTP"],
    [
      { ...good, expect: "allowed" },
      "expect: allowed is no verdict; it takes reachable, blocked, depends or unknown",
    ],
    [{ ...good, expect: "Reachable" }, "did you mean reachable?"],
    [{ ...good, expect: "bloked" }, "did you mean blocked?"],
    [{ ...good, expect: true }, "expect is true; it takes reachable, blocked, depends or unknown"],
    [{ ...good, from: "10.0.0.0/33" }, "from: 10.0.0.0/33 is no IP address and no CIDR"],
    [{ ...good, from: "shop/gadget/x" }, "from: gadget is no kind"],
    [{ ...good, from: "web" }, "did you mean default/web?"],
    [{ ...good, form: "x" }, "form is no field of a question; did you mean from?"],
    [{ ...good, Port: 80 }, "Port is no field of a question; did you mean port?"],
    [
      { ...good, comment: "x" },
      "comment is no field of a question; a question has from, to, port, protocol and expect",
    ],
    ["shop/a → shop/b", "this is a text, and a question is a mapping"],
    [null, "this is nothing, and a question is a mapping"],
    [[good], "this is a list, and a question is a mapping"],
  ])("refuses %j, in words", (value, why) => {
    expect(faults(value)).toEqual([expect.stringContaining(why)]);
  });

  it("tells all that is wrong with the fields, each with its name", () => {
    const reading = readExpectation({ form: "a/b", to: 3, expect: "maybe" });
    expect(reading).toMatchObject({
      faults: [
        { field: undefined, why: expect.stringContaining("from is missing") },
        { field: "to", why: expect.stringContaining("to is the number 3") },
        { field: "expect", why: expect.stringContaining("maybe is no verdict") },
        { field: "form", why: expect.stringContaining("did you mean from?") },
      ],
    });
  });
});

import { describe, expect, it } from "vitest";
import { type Corefile, parseCorefile } from "./corefile.ts";

function parsed(text: string): Corefile {
  const result = parseCorefile(text);
  if ("fault" in result) throw new Error(`line ${result.fault.line}: ${result.fault.why}`);
  return result.corefile;
}

describe("parseCorefile", () => {
  it("reads what kubeadm writes, with blocks on one line or on several", () => {
    const { servers, imports } = parsed(`
.:53 {
    errors
    health { lameduck 5s }
    # kubernetes is the one that counts
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
    }
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
}`);
    expect(imports).toBe(false);
    expect(servers.map(({ zones, imports: more, line }) => [zones, more, line])).toEqual([
      [[{ zone: "", port: 53 }], false, 2],
    ]);
    expect(servers[0]?.plugins).toEqual([
      { name: "errors", args: [], line: 3 },
      { name: "health", args: [], line: 4 },
      { name: "kubernetes", args: ["cluster.local", "in-addr.arpa", "ip6.arpa"], line: 6 },
      { name: "forward", args: [".", "/etc/resolv.conf"], line: 10 },
      { name: "cache", args: ["30"], line: 13 },
    ]);
  });

  it.each([
    ["example.org:1053", [{ zone: "example.org", port: 1053 }]],
    [
      "dns://Example.org. example.net,",
      [
        { zone: "example.org", port: undefined },
        { zone: "example.net", port: undefined },
      ],
    ],
    ["tls://.:853", [{ zone: "", port: 853 }]],
    [".", [{ zone: "", port: undefined }]],
  ])("reads the zones %s", (keys, zones) => {
    expect(parsed(`${keys} {\n whoami\n}`).servers[0]?.zones).toEqual(zones);
  });

  it("puts a snippet in where it is imported, and tells of files that it does not have", () => {
    const { servers, imports } = parsed(`
(common) {
  errors
  cache 30
}
. {
  import common
  forward . 9.9.9.9
}
corp.example {
  import /etc/coredns/custom/*.override
}
import /etc/coredns/custom/*.server
`);
    expect(servers.map(({ plugins, imports: more }) => [plugins.map(({ name }) => name), more])).toEqual([
      [["errors", "cache", "forward"], false],
      [[], true],
    ]);
    expect(imports).toBe(true);
  });

  it("takes braces in quotes and templates as text", () => {
    const { servers } = parsed(`
. {
  template IN A {
    answer "{{ .Name }} 60 IN A 192.0.2.1 }"
  }
  hosts {
    {$HOST_ADDRESS} {$HOST_NAME}
  }
}`);
    expect(servers[0]?.plugins.map(({ name }) => name)).toEqual(["template", "hosts"]);
  });

  it("reads a single block without braces", () => {
    expect(parsed("example.org\nwhoami\nlog").servers[0]?.plugins.map(({ name }) => name)).toEqual([
      "whoami",
      "log",
    ]);
  });

  it.each([
    [". {\n forward . 9.9.9.9 {\n  max_concurrent 1\n}", 1, "a block is opened here and not closed"],
    [". {\n errors\n}\n}", 4, "a block is closed here that none opens"],
  ])("tells what CoreDNS would not start with", (text, line, why) => {
    expect(parseCorefile(text)).toEqual({ fault: { line, why } });
  });

  it("reads nothing from nothing", () => {
    expect(parsed("# later\n")).toEqual({ servers: [], imports: false });
  });
});

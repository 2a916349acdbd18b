/** Links to pages, and questions to the API, with everything in them that a person could have changed. */
import type { Chance } from "../cluster/chance.ts";
import { type Attack, message } from "./attack.ts";
import { damagedText, stumblingText } from "./mutate.ts";

/** Of the cluster that is served (`served.yaml`): what people would send each other. */
const links = [
  "/?ns=shop&show=service/shop/web&at=120,-40,0.8",
  "/?kind=service,ingress&label=app=web&only=broken&touch=service/shop/web&open=namespace/shop&shut=namespace/payments",
  "/?show=pod/shop/web-1&cluster=files&ask=1&from=shop/deployment/web",
  "/trace?from=shop/deployment/web&to=shop/service/api&port=80&hop=2",
  "/trace?from=internet&to=web.example.com&port=443&protocol=TCP",
  "/trace?from=10.0.0.7&to=10.0.0.8&port=http&protocol=UDP&hop=0&cluster=files",
  "/findings?by=namespace&severity=error,warning&ns=shop&kind=service&code=NET-101&q=web&limit=10&open=NET-101",
  "/matrix?by=workload&fromNs=shop&toNs=payments&match=api&row=0&column=0",
  "/matrix?by=namespace",
  "/checks/NET-101",
  "/checks",
  "/auth/login?to=/findings&problem=a&remedy=b&wrong=1&out=1",
  "/api/v1/clusters/files/graph?ns=shop&kind=service&only=all&open=namespace/shop&format=mermaid",
  "/api/v1/clusters/files/graph?touch=service/shop/web&shut=namespace/shop",
  "/api/v1/clusters/files/findings?by=kind&severity=info&limit=3&open=x",
  "/api/v1/clusters/files/findings?format=sarif",
  "/api/v1/clusters/files/search?q=web&limit=5",
  "/api/v1/clusters/files/trace?from=shop/deployment/web&to=shop/service/api&port=80",
  "/api/v1/clusters/files/trace?from=shop/web-1&to=10.1.2.3&port=5432&protocol=SCTP&format=text",
  "/api/v1/clusters/files/reachability?by=workload&fromNs=shop&toNs=shop&match=w&row=0&column=0&limit=20",
  "/api/v1/clusters/files/reachability?by=namespace&format=csv",
  "/api/v1/clusters/files/objects/pod/shop/web-1",
  "/api/v1/clusters/files/services/shop/web",
  "/api/v1/clusters/files/stream?watch=/graph%3Fns%3Dshop&watch=/findings&watch=/trace%3Ffrom%3Dshop/web-1%26to%3Dapi&at=-.-.-",
] as const;

const parts = [
  "service/shop/web",
  "svc/shop/web",
  "pod//web-1",
  "namespace/shop",
  "internet",
  "0.0.0.0/0",
  "::/0",
  "fe80::1%25eth0",
  "300.1.2.3",
  "10.0.0.1:80",
  "web.shop.svc.cluster.local",
  "*.example.com",
  "node/n-1",
  "65536",
  "-1",
  "080",
  "http",
  "1e999,-1e999,1",
  "NaN,NaN,NaN",
  "",
  ",,,,",
  "a".repeat(5_000),
  "service/shop/web,".repeat(400),
  "(((((((((((((((((((((((((((",
  "app in (a,b),!c,d notin (e),,=",
  "[".repeat(2_000),
] as const;

export function linkAttack(chance: Chance, host: string): Attack {
  const target = encodeUnsent(damagedLink(chance.pick(links), chance));
  const headers = [
    ["Host", host],
    ["Connection", "close"],
    ["Accept", chance.pick(["text/html", "application/json", "*/*", "text/x-component"])],
  ] as const;
  const bytes = message(`GET ${target} HTTP/1.1`, headers);
  return { bytes, from: "proxy", isWhole: true, maySee: true };
}

function damagedLink(link: string, chance: Chance): string {
  const [path = "", query = ""] = link.split(/\?(.*)/s);
  const params = query.split("&");
  const at = chance.below(params.length);
  const changed = (to: (name: string, value: string) => string) => {
    const [name = "", value = ""] = (params[at] ?? "").split(/=(.*)/s);
    return `${path}?${params.map((param, i) => (i === at ? to(name, value) : param)).join("&")}`;
  };
  switch (chance.below(9)) {
    case 0:
      return damagedText(link, chance);
    case 1:
      return changed((name) => `${name}=${encodeURIComponent(chance.pick(parts))}`);
    case 2:
      return changed((name) => `${name}=${stumblingText(chance)}`);
    case 3:
      return changed((name, value) => `${name}=${damagedText(value, chance)}`);
    case 4:
      return changed((name, value) => `${name}=${value}&${name}=${encodeURIComponent(chance.pick(parts))}`);
    case 5:
      return changed(
        (name, value) => `${name}[]=${value}&${name}[__proto__]=1&${stumblingText(chance)}=${value}`,
      );
    case 6:
      return changed((name, value) => `${name}=${encodeURIComponent(encodeURIComponent(value))}`);
    case 7: {
      const names = path.split("/");
      const which = 1 + chance.below(names.length);
      return `${names.map((name, i) => (i === which ? encodeURIComponent(stumblingText(chance).toWellFormed()) : name)).join("/")}?${query}`;
    }
    default:
      return changed((name) => `${name}=${chance.pick(parts)}${stumblingText(chance)}${chance.pick(parts)}`);
  }
}

/** What cannot stand in a request's line is escaped, as a browser does; escapes that are wrong stay as they are. */
function encodeUnsent(target: string): string {
  const escaped = target
    .toWellFormed()
    .replaceAll(/[^!-~]/gu, (letter) => encodeURIComponent(letter))
    .slice(0, 15_000);
  return escaped.startsWith("/") ? escaped : `/${escaped}`;
}

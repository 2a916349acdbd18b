/** What the server's code could do, by what it is made of: to whom it can speak, and that it writes nothing down. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Code that runs in the server; tests and their stand-ins do not. */
const files = [
  "app",
  "lib/server",
  "lib/engine",
  "lib/graph",
  "lib/diagnosis",
  "lib/model",
  "lib/protocol",
  "instrumentation.ts",
]
  .flatMap((place) =>
    place.endsWith(".ts")
      ? [place]
      : readdirSync(place, { recursive: true, encoding: "utf8" }).map((file) => `${place}/${file}`),
  )
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file) && !file.endsWith("/api-stand-in.ts"))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

const having = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

it("speaks to the API server and to the identity provider, and knows no way to anybody else", () => {
  const connecting = having(
    /\bfetch\(|^import (?!type)https?\b[^\n]* from "node:https?"|^import (?!type)\{[^}]*\b(request|get|connect|createConnection|Agent)\b[^}]*\} from "node:(https?|http2|net)"|from "node:(tls|dgram)"|from "undici"|from "openid-client"/m,
  );
  expect(connecting.sort()).toEqual([
    "lib/server/auth/oidc.ts",
    "lib/server/sources/kube/agent.ts",
    "lib/server/sources/kube/http-get.ts",
    "lib/server/sources/kube/http-stream.ts",
  ]);
});

it("asks the API server with GET, and with POST for access reviews alone", () => {
  expect(having(/method: "(PUT|PATCH|DELETE)"/)).toEqual([]);
  expect(having(/method: "POST"/)).toEqual(["lib/server/sources/kube/http-get.ts"]);
  expect(having(/\bhttpPost\(/).sort()).toEqual([
    "lib/server/sources/kube/connection.ts",
    "lib/server/sources/kube/http-get.ts",
  ]);
  const [connection = ""] = files
    .filter(({ file }) => file === "lib/server/sources/kube/connection.ts")
    .map(({ text }) => text);
  expect(connection.match(/\bhttpPost\(/g)).toHaveLength(1);
  expect(connection).toContain("/apis/authorization.k8s.io/v1/subjectaccessreviews");
});

it("writes no file", () => {
  expect(
    having(
      /\b(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|mkdtemp|mkdtempSync|mkdirSync)\b/,
    ),
  ).toEqual([]);
});

it("has no page that loads anything from elsewhere", () => {
  const pages = ["app", "components"].flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(tsx?|css)$/.test(file))
      .map((file) => `${place}/${file}`),
  );
  for (const file of pages)
    expect(
      [
        ...readFileSync(file, "utf8").matchAll(
          /(?:src=|url\(|@import |fetch\()["'`{]*(https?:)?\/\/[^"'`)\s]+/g,
        ),
      ].map(([found]) => `${file}: ${found}`),
    ).toEqual([]);
});

import { expect, it } from "vitest";
import { listeningProblem } from "./listening.ts";

const access = { url: undefined, hosts: [], metricsToken: undefined };

it.each(["127.0.0.1", "localhost", "::1"])("listens on %s without a login", (address) => {
  expect(listeningProblem({ ...access, auth: { mode: "loopback" } }, address)).toEqual([]);
});

it.each(["0.0.0.0", "::", "10.1.2.3", "my-laptop", undefined])(
  "does not listen on %s without one, and says what to set",
  (address) => {
    expect(listeningProblem({ ...access, auth: { mode: "loopback" } }, address).join(" ")).toContain(
      "THROUGHLINE_AUTH",
    );
  },
);

it("listens anywhere once there is a login", () => {
  const auth = { mode: "proxy", from: ["10.0.0.0/8"], userHeader: "u", groupsHeader: "g" } as const;
  expect(listeningProblem({ ...access, auth }, "0.0.0.0")).toEqual([]);
});

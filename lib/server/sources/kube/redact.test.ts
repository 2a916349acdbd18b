import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastLine, redact } from "./redact.ts";

const jwt =
  "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

describe("redact", () => {
  it.each([
    ["a JWT", `got ${jwt} from it`, "got (left out) from it"],
    ["a bearer token", "Authorization: Bearer abc123def", "Authorization: Bearer (left out)"],
    ["a named token", 'token="k8s-aws-v1.aHR0c" is old', 'token="(left out)" is old'],
    [
      "a password in a URL",
      "https://me:hunter22@proxy:3128 refused",
      "https://me:(left out)@proxy:3128 refused",
    ],
    [
      "a key in PEM",
      "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY----- is bad",
      "(left out) is bad",
    ],
    ["a key in PEM that is cut short", "x -----BEGIN PRIVATE KEY-----\nMIG", "x (left out)"],
  ])("leaves out %s", (_name, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'networkpolicies.networking.k8s.io is forbidden: User "system:serviceaccount:monitoring:throughline" cannot list resource "networkpolicies"',
    "/home/someone/google-cloud-sdk/bin/gke-gcloud-auth-plugin: no such file",
    "Hostname/IP does not match certificate's altnames: Host: api.example.com. is not in the cert's altnames: DNS:kubernetes.default.svc.cluster.local",
  ])("leaves what people need: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("never lets a long run of base64 through, and always gives one short line", () => {
    const base64 = fc.stringMatching(/^[A-Za-z0-9+]{40,60}$/);
    fc.assert(
      fc.property(base64, fc.string(), (secret, around) => {
        const line = redact(`${around} ${secret}\n${around}`);
        expect(line).not.toContain(secret);
        expect(line).not.toContain("\n");
        expect(line.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});

describe("lastLine", () => {
  it("is the last line that says anything", () => {
    expect(lastLine("starting\n\nplease log in\n \n")).toBe("please log in");
    expect(lastLine("")).toBe("");
  });
});

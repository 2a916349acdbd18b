import { expect, it } from "vitest";
import { browserRules } from "./browser-rules.ts";

const policyOf = (rules: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    (rules["content-security-policy"] ?? "").split("; ").map((part) => {
      const [name = "", ...values] = part.split(" ");
      return [name, values.join(" ")];
    }),
  );

it("a browser runs our scripts alone, frames nothing of ours, and sends nothing elsewhere", () => {
  const rules = browserRules("abc", false);
  expect(policyOf(rules)).toEqual({
    "default-src": "'none'",
    "script-src": "'self' 'nonce-abc' 'strict-dynamic'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
  });
  expect(rules).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  });
  expect(rules).not.toHaveProperty("strict-transport-security");
});

it("with https it comes back by https, and a form may lead to the identity provider", () => {
  const rules = browserRules("abc", true, ["https://id.example.com"]);
  expect(rules["strict-transport-security"]).toMatch(/^max-age=\d{7,}/);
  expect(policyOf(rules)["form-action"]).toBe("'self' https://id.example.com");
});

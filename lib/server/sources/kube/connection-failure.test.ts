import { describe, expect, it } from "vitest";
import { brokenRequest, type Place } from "./connection-failure.ts";
import { HttpError } from "./http-get.ts";

const place: Place = {
  context: "prod",
  host: "api.example.com:6443",
  clientUntil: new Date("2026-01-02T03:04:05Z"),
  now: Date.parse("2026-06-01T00:00:00Z"),
};
const young = { ...place, now: Date.parse("2025-06-01T00:00:00Z") };

describe("why a server gave no answer", () => {
  it.each([
    ["ECONNREFUSED", "cluster-unreachable", "Nothing listens at api.example.com:6443 (ECONNREFUSED)."],
    ["ENOTFOUND", "cluster-unreachable", "DNS knows no api.example.com (ENOTFOUND)."],
    ["EAI_AGAIN", "cluster-unreachable", "DNS did not answer for api.example.com (EAI_AGAIN)."],
    [
      "ETIMEDOUT",
      "cluster-unreachable",
      "No connection to api.example.com:6443 came about (ETIMEDOUT); a firewall may drop the packets.",
    ],
    [
      "EHOSTUNREACH",
      "cluster-unreachable",
      "The network gives no way to api.example.com:6443 (EHOSTUNREACH).",
    ],
    [
      "CERT_HAS_EXPIRED",
      "tls-expired",
      "TLS stopped with CERT_HAS_EXPIRED. This machine's clock says 2025-06-01T00:00:00.000Z.",
    ],
    [
      "CERT_NOT_YET_VALID",
      "tls-expired",
      "TLS stopped with CERT_NOT_YET_VALID. This machine's clock says 2025-06-01T00:00:00.000Z.",
    ],
    [
      "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
      "tls-refused",
      "OpenSSL says ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE.",
    ],
    ["ABORTED", "read-given-up", "The read of api.example.com:6443 was cancelled."],
  ])("tells of %s in words, and ends the read", (code, expected, detail) => {
    const { scope, failure } = brokenRequest(new HttpError(code, "as Node says it", false), young);
    expect(scope).toBe("server");
    expect(failure).toMatchObject({ code: expected, detail });
  });

  it("takes a TLS alert for the client certificate's end where that has expired", () => {
    const alert = new HttpError("ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "alert", false);
    expect(brokenRequest(alert, place).failure).toMatchObject({
      code: "credentials-expired",
      title: "The client certificate of context prod expired on 2026-01-02.",
    });
    expect(brokenRequest(alert, young).failure.code).toBe("tls-refused");
  });

  it.each(["TIMEOUT", "ECONNRESET", "UNKNOWN"])("leaves the other kinds their chance after %s", (code) => {
    expect(brokenRequest(new HttpError(code, "as Node says it", false), young).scope).toBe("request");
  });
});

import type { Resource } from "./objects.ts";
import { ago } from "./time.ts";

/**
 * A Secret as must-gather collects it: the certificate is there, the key is taken out. What the certificates say was made
 * up for the demo, and nobody has the keys of them.
 */
export function tlsSecret(namespace: string, name: keyof typeof certificates, created: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, creationTimestamp: ago(created) },
    type: "kubernetes.io/tls",
    data: { "tls.crt": base64(certificates[name] + issuer), "tls.key": "" },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Example Issuing CA, until 2034. */
const issuer = `-----BEGIN CERTIFICATE-----
MIIBPTCB5KADAgECAgkBRHvc5M1lDvYwCgYIKoZIzj0EAwIwGjEYMBYGA1UEAwwP
RXhhbXBsZSBSb290IENBMB4XDTI0MDEwMTAwMDAwMFoXDTM0MDEwMTAwMDAwMFow
HTEbMBkGA1UEAwwSRXhhbXBsZSBJc3N1aW5nIENBMFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAEaTH9+CAsvc0TlZptLn24vSZhxZdeNsPJg41zbDHjWQ8Vk9oI+01K
oujp1vI6cOHG9HnK7j6vEVd3oAfC4P2EbaMQMA4wDAYDVR0TBAUwAwEB/zAKBggq
hkjOPQQDAgNIADBFAiAJABRYQ5cqZX/ruslhm80bHHMUSOkUxFqSWxRHXsizTAIh
AKAze+uTYgIcn7RCvu3bEqho8d0+BZJhu62JinSR54Zs
-----END CERTIFICATE-----
`;

const certificates = {
  /** *.example.com and example.com, from 2026-10-03 to 2027-01-01, like the others. */
  "wildcard-example-com": `-----BEGIN CERTIFICATE-----
MIIBYTCCAQagAwIBAgIJAW/ZqLAAB70DMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMM
EkV4YW1wbGUgSXNzdWluZyBDQTAeFw0yNjEwMDMwODAwMDBaFw0yNzAxMDEwODAw
MDBaMBgxFjAUBgNVBAMMDSouZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASmFQyuyNY+g5IYRMVDzVoBqo/5aEOIOCrTzIeu3LJDVINn/WkHTJVR
xYdF8OcSBDXLcwrLIJaqmBU3KI64+5SLozQwMjAJBgNVHRMEAjAAMCUGA1UdEQQe
MByCDSouZXhhbXBsZS5jb22CC2V4YW1wbGUuY29tMAoGCCqGSM49BAMCA0kAMEYC
IQDsPiGBxEwV7Wre2ikmsN0T8NDu9lLxw9jt/Ouy73JxCgIhAIV4apw/EBH2pkHb
u+EaV5eZQQUM03Vd136iddhLEcml
-----END CERTIFICATE-----
`,
  /** prometheus.ops.example.com and alerts.ops.example.com. */
  "monitoring-tls": `-----BEGIN CERTIFICATE-----
MIIBhjCCASugAwIBAgIJAaGJO0pkUjthMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMM
EkV4YW1wbGUgSXNzdWluZyBDQTAeFw0yNjEwMDUwODAwMDBaFw0yNzAxMDMwODAw
MDBaMCUxIzAhBgNVBAMMGnByb21ldGhldXMub3BzLmV4YW1wbGUuY29tMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAEU44DutSv8S2SEjmGfZztdTGStcTSM+poY//u
evqiEc3XTSkC9HBt5XCS8k94P4bETvzld+laFuJVc3ZsG2RmaqNMMEowCQYDVR0T
BAIwADA9BgNVHREENjA0ghpwcm9tZXRoZXVzLm9wcy5leGFtcGxlLmNvbYIWYWxl
cnRzLm9wcy5leGFtcGxlLmNvbTAKBggqhkjOPQQDAgNJADBGAiEAsutYcDb+dQDN
yzEcn2ls0sZqaBUvZRlYDk6YxKgwJncCIQD4BpMZl8NrcrQ1xArawE5MetngXQye
V/xceK9S7/mXlA==
-----END CERTIFICATE-----
`,
  /** www.shop.example.com. */
  "storefront-www-tls": `-----BEGIN CERTIFICATE-----
MIIBYDCCAQegAwIBAgIJAT9XHDT+Pd0nMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMM
EkV4YW1wbGUgSXNzdWluZyBDQTAeFw0yNjEwMTIwODAwMDBaFw0yNzAxMTAwODAw
MDBaMB8xHTAbBgNVBAMMFHd3dy5zaG9wLmV4YW1wbGUuY29tMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEZHRWje3jNxLNSUDPcYwm2MyDbt5wW+I2W2Frsbazq5xX
9cbS8nN1Lgqs/s3e6JMBYpj0R+li7rHL20Eg05TijaMuMCwwCQYDVR0TBAIwADAf
BgNVHREEGDAWghR3d3cuc2hvcC5leGFtcGxlLmNvbTAKBggqhkjOPQQDAgNHADBE
AiBSzeCWrxJT3zrPUvjBoXEBs33dQpbBVsnKkbIxpDBRDAIgDdkY559b097IAfjA
8K4L2zTtZRTiyQv1qd5S+LXw9gk=
-----END CERTIFICATE-----
`,
  /** backoffice.shop.example.com. */
  "back-office-tls": `-----BEGIN CERTIFICATE-----
MIIBcDCCARWgAwIBAgIJAcEJtWRJLNZuMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMM
EkV4YW1wbGUgSXNzdWluZyBDQTAeFw0yNjEwMTIwODAwMDBaFw0yNzAxMTAwODAw
MDBaMCYxJDAiBgNVBAMMG2JhY2tvZmZpY2Uuc2hvcC5leGFtcGxlLmNvbTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABLEhbCYtbljnzHIyA56HvTIuFS6Huy4/PrTc
PfGgrYGKU5aLbJq4zR90RsbrT7xGnh47AGDIbHTtPOw2sJV84sajNTAzMAkGA1Ud
EwQCMAAwJgYDVR0RBB8wHYIbYmFja29mZmljZS5zaG9wLmV4YW1wbGUuY29tMAoG
CCqGSM49BAMCA0kAMEYCIQDkyv7LHd0hxd8D9AdCp7ZXJVWrlSG/u8hcwMCJ2k22
VQIhAK0rsAgbZ+pdHdOdvG9+iMaIBuIluuBgNPiBjqoMHGuB
-----END CERTIFICATE-----
`,
  /** *.shop.example.com. */
  "images-tls": `-----BEGIN CERTIFICATE-----
MIIBXTCCAQOgAwIBAgIJATMd90D6HbWHMAoGCCqGSM49BAMCMB0xGzAZBgNVBAMM
EkV4YW1wbGUgSXNzdWluZyBDQTAeFw0yNjExMTcxNDAwMDBaFw0yNzAyMTUxNDAw
MDBaMB0xGzAZBgNVBAMMEiouc2hvcC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABKBM8XjhJbMGbqZyjuWikErpfW1dTeXqfgKYEPy2BphUxiSv
KctFQTbv2WeAvo+k69v/7sDOo+PnAjBs5LJ9J5yjLDAqMAkGA1UdEwQCMAAwHQYD
VR0RBBYwFIISKi5zaG9wLmV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIQD9
4yCWIHlMidfUU2YuFQtVHuKTBb1klhkVpIzkrELU4AIgBCmGLHYeHT0HYq7s14j1
ibgDq1hEE+csf3g895kR3pg=
-----END CERTIFICATE-----
`,
};

/**
 * What a browser is told about every answer. `nonce` marks the scripts that are the page's own; `forms` are origins to
 * which a form may lead besides this one: signing out goes on to the identity provider.
 */
export function browserRules(
  nonce: string,
  isSecure: boolean,
  forms: readonly string[] = [],
): Readonly<Record<string, string>> {
  return {
    "content-security-policy": contentSecurityPolicy(nonce, forms),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    // Links carry names of a cluster's objects; they are no other site's business.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(isSecure ? { "strict-transport-security": "max-age=31536000" } : {}),
  };
}

function contentSecurityPolicy(nonce: string, forms: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    // The map places thousands of cards by their style; a style can show nothing to anyone else.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    ["form-action 'self'", ...forms].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

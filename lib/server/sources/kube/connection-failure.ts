/** What stands between us and an API server, in words. Node's codes go in; nothing of a credential comes out. */
import type { SourceFailure } from "../source.ts";
import type { HttpError } from "./http-get.ts";
import { redact } from "./redact.ts";

/** The cluster as failures name it. */
export interface Place {
  readonly context: string;
  /** Host and port. */
  readonly host: string;
  /** End of the client certificate's life, where there is one. */
  readonly clientUntil: Date | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * `server`: every other request would fail the same way, so the read is over. `request`: only this one failed.
 */
export interface Broken {
  readonly scope: "server" | "request";
  readonly failure: SourceFailure;
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "EADDRNOTAVAIL",
  "EACCES",
  "EPERM",
  "ETIMEDOUT",
]);
const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "INVALID_CA",
]);

export function brokenRequest(error: HttpError, place: Place): Broken {
  const { host } = place;
  if (error.code === "ABORTED") return { scope: "server", failure: givenUp(place) };
  if (unreachable.has(error.code)) return { scope: "server", failure: notReached(error.code, place) };
  if (untrusted.has(error.code)) {
    return {
      scope: "server",
      failure: {
        code: "tls-untrusted",
        title: `The certificate of ${host} is not signed by the CA in the kubeconfig.`,
        detail: `TLS stopped with ${error.code}. Either the cluster was made anew, or something in between answers in its place.`,
        remedy: "Fetch the kubeconfig again, so that certificate-authority-data is this cluster's.",
      },
    };
  }
  if (error.code === "CERT_HAS_EXPIRED" || error.code === "CERT_NOT_YET_VALID") {
    return {
      scope: "server",
      failure: {
        code: "tls-expired",
        title:
          error.code === "CERT_HAS_EXPIRED"
            ? `The certificate of ${host}, or the CA that signed it, has expired.`
            : `The certificate of ${host} is not valid yet.`,
        detail: `TLS stopped with ${error.code}. This machine's clock says ${new Date(place.now).toISOString()}.`,
        remedy:
          "Renew the API server's certificate (kubeadm certs renew apiserver), or set this machine's clock.",
      },
    };
  }
  if (error.code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      scope: "server",
      failure: {
        code: "tls-wrong-name",
        title: `The certificate of ${host} is for other names.`,
        detail: redact(error.message),
        remedy: "Use one of those names as server in the kubeconfig, or set tls-server-name.",
      },
    };
  }
  if (/^(ERR_SSL_|EPROTO)/.test(error.code)) return { scope: "server", failure: tlsRefused(error, place) };
  if (error.code === "TIMEOUT") {
    return {
      scope: "request",
      failure: {
        code: "cluster-timeout",
        title: `${host} does not answer in time.`,
        detail: `The connection stood, but ${error.message}.`,
        remedy: "Check that the address is right and that a VPN or firewall lets it through, then try again.",
      },
    };
  }
  const expired = expiredClient(place);
  return {
    scope: "request",
    failure: {
      code: "cluster-disconnected",
      title: `The connection to ${host} broke.`,
      // Proxies that check client certificates may close without a word of why.
      detail: `${redact(`${error.message} (${error.code}).`)}${expired === undefined ? "" : ` ${expired.title}`}`,
      remedy: "Try again; if it stays so, see the logs of the API server or of the proxy in front of it.",
    },
  };
}

/** A status that ends the whole read: 401. */
export function unauthorized(message: string, place: Place): SourceFailure {
  return (
    expiredClient(place) ?? {
      code: "credentials-rejected",
      title: `${place.host} does not accept the credentials of context ${place.context}.`,
      detail: redact(`The server answered 401: ${message || "Unauthorized"}.`),
      remedy: "Log in again the way you do for kubectl, or fetch the kubeconfig again.",
    }
  );
}

export function givenUp(place: Place): SourceFailure {
  return {
    code: "read-given-up",
    title: "Reading was given up before it was done.",
    detail: `The read of ${place.host} was cancelled.`,
    remedy: "Ask again.",
  };
}

/** Something answers there that is not a Kubernetes API server. */
export function notKubernetes(detail: string, place: Pick<Place, "host">): SourceFailure {
  return {
    code: "not-kubernetes",
    title: `${place.host} does not answer as a Kubernetes API server does.`,
    detail: redact(detail),
    remedy: "Check server in the kubeconfig: a login page or a proxy may stand in front of the API.",
  };
}

function notReached(code: string, place: Place): SourceFailure {
  const [name] = place.host.split(":");
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: `Nothing listens at ${place.host} (ECONNREFUSED).`,
    ENOTFOUND: `DNS knows no ${name} (ENOTFOUND).`,
    EAI_AGAIN: `DNS did not answer for ${name} (EAI_AGAIN).`,
    ETIMEDOUT: `No connection to ${place.host} came about (ETIMEDOUT); a firewall may drop the packets.`,
  };
  return {
    code: "cluster-unreachable",
    title: `${place.host} cannot be reached.`,
    detail: words[code] ?? `The network gives no way to ${place.host} (${code}).`,
    remedy: "Check that the cluster runs and that server in the kubeconfig is right; a VPN may be needed.",
  };
}

function tlsRefused(error: HttpError, place: Place): SourceFailure {
  const expired = expiredClient(place);
  if (expired !== undefined && /ALERT/.test(error.code)) return expired;
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(
      `${error.code} ${error.message.toUpperCase().replaceAll(" ", "_")}`,
    )
  ) {
    return notKubernetes("The kubeconfig says https, and something that does not speak TLS answers.", place);
  }
  return {
    code: "tls-refused",
    title: `TLS with ${place.host} failed.`,
    detail: `OpenSSL says ${error.code}.`,
    remedy: "Check the client certificate in the kubeconfig and any proxy in between.",
  };
}

function expiredClient(place: Place): SourceFailure | undefined {
  if (place.clientUntil === undefined || place.clientUntil.getTime() > place.now) return undefined;
  const until = place.clientUntil.toISOString().slice(0, 16).replace("T", " ");
  return {
    code: "credentials-expired",
    title: `The client certificate of context ${place.context} expired on ${until.slice(0, 10)}.`,
    detail: `It was valid until ${until} UTC, and ${place.host} refuses it.`,
    remedy: "Fetch the kubeconfig again (kubeadm: kubeadm certs renew admin.conf).",
  };
}

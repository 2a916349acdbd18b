/** What the annotations of ingress-nginx say of an Ingress, as far as they are read. */
import type { IngressFacts } from "./facts.ts";
import { needsClass } from "./ingress-class.ts";
import { isOtherController } from "./ingress-controllers.ts";

const prefix = "nginx.ingress.kubernetes.io/";

export interface NginxAnnotations {
  /** `canary: "true"`: it adds backends to those of another Ingress. */
  readonly isCanary: boolean;
  /** What says which requests the canary gets: `canary-weight: 10`. */
  readonly canaryBy: readonly string[];
  readonly rewriteTarget: string | undefined;
  /** Its paths, and all others of their hosts, are regular expressions then ("Path Priority", ingress-nginx). */
  readonly readsPatterns: boolean;
  /** Its class was not read, so that another controller may serve it, which does not read them. */
  readonly inDoubt: boolean;
}

const none: NginxAnnotations = {
  isCanary: false,
  canaryBy: [],
  rewriteTarget: undefined,
  readsPatterns: false,
  inDoubt: false,
};

/** Nothing where its class is that of a controller which is known not to read them. */
export function nginxAnnotations(facts: Pick<IngressFacts, "ingress" | "class">): NginxAnnotations {
  const { ingress, class: found } = facts;
  const controller = found.state === "found" ? found.class.controller : ingress.className;
  if (controller !== undefined && isOtherController(controller, "ingress-nginx")) return none;
  const value = (key: string) => ingress.annotations[`${prefix}${key}`] || undefined;
  const rewriteTarget = value("rewrite-target");
  return {
    isCanary: value("canary") === "true",
    canaryBy: canaryKeys.flatMap((key) => {
      const given = value(key);
      return given === undefined ? [] : [`${key}: ${given}`];
    }),
    rewriteTarget,
    readsPatterns: value("use-regex") === "true" || rewriteTarget !== undefined,
    inDoubt: found.state === "unknown" && needsClass(ingress) && controller !== "nginx",
  };
}

const canaryKeys = ["canary-weight", "canary-by-header", "canary-by-cookie"];

/** Field path of an annotation: `metadata.annotations[nginx.ingress.kubernetes.io/canary]`. */
export function annotationPath(key: string): string {
  return `metadata.annotations[${prefix}${key}]`;
}

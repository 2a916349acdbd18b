import type { Resource } from "./resources.ts";

/** Of Secrets no more is asked for than is used. */
const used = '["get", "list"]';
const usual = '["get", "list", "watch"]';

/**
 * The rule to add to a ClusterRole so that a kind can be read, as YAML for its `rules:`. With a `name` it asks for that
 * one object only.
 */
export function rbacRule({ group, resource }: Pick<Resource, "group" | "resource">, name?: string): string {
  return [
    `- apiGroups: ["${group}"]`,
    `  resources: ["${resource}"]`,
    ...(name === undefined ? [] : [`  resourceNames: ["${name}"]`]),
    `  verbs: ${name !== undefined ? '["get"]' : resource === "secrets" ? used : usual}`,
  ].join("\n");
}

/**
 * A command that lets the refused user read, made from the server's message where that names one. People paste it into
 * a shell, so a name that could mean anything there is left for them to fill in.
 */
export function viewCommand(message: string): string {
  const user = /User "([\w.@:/+=-]+)"/.exec(message)?.[1];
  const account = user === undefined ? null : /^system:serviceaccount:([^:]+):(.+)$/.exec(user);
  const subject =
    account === null ? `--user="${user ?? "USER"}"` : `--serviceaccount=${account[1]}:${account[2]}`;
  return `kubectl create clusterrolebinding throughline --clusterrole=view ${subject}`;
}

import { objectId } from "#lib/model/ids.ts";
import type { Facts } from "../facts.ts";
import { nearestOf } from "../near-words.ts";
import { listedUpTo, objectInWords } from "../object-words.ts";

/** What Service may have been meant by a name that none has; undefined where nothing is near. */
export function nearService(facts: Facts, name: string, namespace: string): string | undefined {
  const { index } = facts;
  const own = nearestOf(name, serviceNames(facts, namespace));
  const [nearest, ...elsewhere] = namespacesWith(facts, name, namespace);
  const words: string[] = [];
  if (own !== undefined) words.push(`the nearest Service in ${namespace} is ${own}`);
  if (nearest !== undefined) {
    const where = elsewhere.length === 0 ? "namespace" : "namespaces";
    words.push(
      `there is a Service ${name} in ${where} ${listedUpTo([nearest, ...elsewhere], 3)}: ask for ${name}.${nearest}`,
    );
  }
  if (words.length > 0) return words.join("; ");
  const near = nearNamespace(facts, namespace);
  const there = near === undefined ? undefined : nearestOf(name, serviceNames(facts, near));
  if (there !== undefined) return `the nearest name is ${there}.${near}`;
  const workload = (index.workloadsByNamespace.get(namespace) ?? []).find((each) => each.name === name);
  return workload === undefined
    ? undefined
    : `${objectInWords(workload.id)} is there, but only a Service gives pods a name`;
}

/** What names there are where nothing is near: "shop has the Services cart, orders, web and 4 more". */
export function servicesThere(facts: Facts, namespace: string): string {
  const names = [...serviceNames(facts, namespace)].sort();
  if (names.length === 0) return `${namespace} has no Service`;
  return `${namespace} has the ${names.length === 1 ? "Service" : "Services"} ${listedUpTo(names, 3)}`;
}

function serviceNames({ index }: Facts, namespace: string): readonly string[] {
  return (index.servicesByNamespace.get(namespace) ?? []).map((service) => service.name);
}

/** Other namespaces with a Service of this name, one that is spelled alike first, then by the alphabet. */
function namespacesWith(facts: Facts, name: string, namespace: string): readonly string[] {
  const others = (namespacesByService(facts).get(name) ?? []).filter((other) => other !== namespace);
  const alike = nearestOf(namespace, others);
  return alike === undefined ? others : [alike, ...others.filter((other) => other !== alike)];
}

const byService = new WeakMap<Facts, ReadonlyMap<string, readonly string[]>>();

/** In which namespaces, sorted, there is a Service of a name: thousands of names are asked for in a large cluster. */
function namespacesByService(facts: Facts): ReadonlyMap<string, readonly string[]> {
  const known = byService.get(facts);
  if (known !== undefined) return known;
  const found = new Map<string, string[]>();
  for (const [namespace, services] of facts.index.servicesByNamespace) {
    for (const { name } of services) {
      const list = found.get(name);
      if (list === undefined) found.set(name, [namespace]);
      else list.push(namespace);
    }
  }
  for (const list of found.values()) list.sort();
  byService.set(facts, found);
  return found;
}

/** The namespace with Services that is spelled most like one that does not exist. */
function nearNamespace({ index }: Facts, namespace: string): string | undefined {
  return index.servicesByNamespace.has(namespace) || index.namespaceNames.includes(namespace)
    ? undefined
    : nearestOf(namespace, index.servicesByNamespace.keys());
}

/** Whether a namespace that is spelled like this one, which does not exist, has a Service of this name. */
export function isNamespaceSlip(facts: Facts, name: string, namespace: string): boolean {
  const near = nearNamespace(facts, namespace);
  return near !== undefined && facts.services.has(objectId("service", near, name));
}

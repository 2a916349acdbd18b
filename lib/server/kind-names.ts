/** Names that tell kinds apart: three APIs have a NetworkPolicy, two a ClusterNetworkPolicy. */
import { allKinds, type Kind, kindFromWord, kinds } from "#lib/model/kinds.ts";

/** As the API spells it, with its group where other kinds are spelled alike: `NetworkPolicy (crd.antrea.io)`. */
export function kindInWords(kind: Kind): string {
  const { api, group, custom } = kinds[kind];
  const isShared = allKinds.some((other) => other !== kind && kinds[other].api === api);
  return isShared && custom ? `${api} (${group})` : api;
}

/** What kubectl calls it: in full where the short word means another kind. */
export function kubectlWord(kind: Kind): string {
  const { api, group, resource } = kinds[kind];
  const word = api.toLowerCase();
  return kindFromWord(word) === kind ? word : `${resource}.${group}`;
}

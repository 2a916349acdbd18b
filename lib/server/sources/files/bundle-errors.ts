import { allKinds, type Kind, kinds, type PluralKind } from "#lib/model/kinds.ts";
import { kindOfWord } from "./bundle-path.ts";

/** A bundle's own word that something of a kind is missing from it. */
export interface NotCollected {
  readonly plural: PluralKind;
  readonly message: string;
}

/**
 * Reads a `<kind>-errors.json`: a mapping from namespace to what went wrong, or a list of messages. In
 * `custom-resources-errors.json` the keys are names of CustomResourceDefinitions, with `/<namespace>` after some.
 */
export function notCollected(word: string, json: unknown): readonly NotCollected[] {
  const messages = messagesOf(json);
  if (word === "custom-resources") return messages.flatMap(({ key, text }) => customNotCollected(key, text));
  const kind = kindOfWord(word);
  if (kind === undefined || messages.length === 0) return [];
  const words = messages.map(({ key, text }) => (key === "" ? text : `in namespace ${key}: ${text}`));
  const shown = words.slice(0, maxMessages).join("; ");
  const more = words.length > maxMessages ? `; and ${words.length - maxMessages} more` : "";
  return [
    {
      plural: kinds[kind].plural,
      message: `The bundle says that it could not collect ${word}: ${shown}${more}`,
    },
  ];
}

const maxMessages = 5;

interface Message {
  readonly key: string;
  readonly text: string;
}

function messagesOf(json: unknown): readonly Message[] {
  if (Array.isArray(json))
    return json.flatMap((text) => (typeof text === "string" ? [{ key: "", text }] : []));
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([key, text]) => (typeof text === "string" ? [{ key, text }] : []));
}

function customNotCollected(key: string, text: string): readonly NotCollected[] {
  const message = `The bundle says that it could not collect ${key}: ${text}`;
  const name = key.split("/")[0] ?? key;
  const custom = allKinds.filter((kind) => kinds[kind].custom);
  // Keys without a dot (`crdList`) tell of the CustomResourceDefinitions themselves, and so of every custom kind.
  const meant = name.includes(".") ? custom.filter((kind) => crdNames(kind).includes(name)) : custom;
  return meant.map((kind) => ({ plural: kinds[kind].plural, message }));
}

/** `httproutes.gateway.networking.k8s.io`; one for each group that the kind may be served under. */
export function crdNames(kind: Kind): readonly string[] {
  const { resource, group, otherGroups } = kinds[kind];
  return [group, ...otherGroups].map((each) => `${resource}.${each}`);
}

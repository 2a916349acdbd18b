import { decode, type Span } from "./bytes.ts";
import { type Found, guessKind, isTemplated, type ReadOptions, step } from "./found.ts";
import { bytesInWords } from "./limits.ts";
import { type Parsed, parseYaml } from "./parse-yaml.ts";
import { yamlDocuments } from "./split-yaml.ts";
import { type YamlList, yamlList } from "./split-yaml-list.ts";
import { isMapping, type ListType, listType, typedList, unwrap } from "./unwrap.ts";

/** A list larger than this is not parsed again as a whole when one of its items fails. */
const maxSecondTryBytes = 4 * 1024 * 1024;

/** Reads a stream of YAML documents. Each step of the iteration parses one document or one item of a list. */
export function* readYaml(bytes: Buffer, options: ReadOptions): Iterable<Found> {
  let held: Span | undefined;
  for (const document of yamlDocuments(bytes)) {
    if (document === "step") {
      yield step;
      continue;
    }
    if (held !== undefined) yield* readDocument(bytes, held, { ...options, cut: false }, false);
    held = document;
  }
  if (held !== undefined) yield* readDocument(bytes, held, options, true);
}

function* readDocument(
  bytes: Buffer,
  document: Span,
  options: ReadOptions,
  isLast: boolean,
): Iterable<Found> {
  const list = yield* yamlList(bytes, document);
  if (list !== undefined) {
    const type = typeOf(list, options, isLast);
    if (type !== undefined) {
      yield* readItems(bytes, document, list, type, options);
      return;
    }
  }
  if (document.end - document.start > options.maxDocumentBytes) {
    yield tooLarge(document, options);
    return;
  }
  if (options.cut) {
    yield {
      kind: "cut",
      line: document.line,
      why: "The document here may be incomplete and is left out.",
      itemKind: undefined,
    };
    return;
  }
  const text = decode(bytes, document);
  const templated = isTemplated(text);
  const parsed = parseYaml(text);
  switch (parsed.kind) {
    case "value":
      yield* unwrap(parsed.value, { line: document.line, templated, assume: options.assume });
      break;
    case "invalid":
      yield {
        kind: "lost",
        line: document.line + parsed.line,
        why: parsed.why,
        apiKind: guessKind(text),
        templated,
      };
      break;
    case "empty":
      break;
  }
}

interface TypedYamlList extends ListType {
  /** The document ends before the list's own last fields. */
  readonly cut: boolean;
}

/** What kind of list it is; undefined when it is none, and only has `items:` for some other reason. */
function typeOf(list: YamlList, options: ReadOptions, isLast: boolean): TypedYamlList | undefined {
  if (list.header === undefined) return { items: options.assume, cut: options.cut };
  const parsed: Parsed =
    list.header.length > options.maxDocumentBytes
      ? { kind: "invalid", line: 0, why: "What stands around its items is larger than any object." }
      : parseYaml(list.header);
  if (parsed.kind !== "value") {
    const apiKind = /^kind:\s*"?(\w+)List\b/m.exec(list.header)?.[1];
    const apiVersion = /^apiVersion:\s*"?([\w./]+)/m.exec(list.header)?.[1];
    if (apiVersion === undefined) return undefined;
    return { items: apiKind === undefined ? undefined : { apiVersion, apiKind }, cut: options.cut };
  }
  const type = listType(parsed.value, options.assume);
  if (type === undefined) return undefined;
  // kubectl sorts a list's fields, so that `kind` comes after the items: where it is missing, the end is.
  const endless = isMapping(parsed.value) && parsed.value.kind === undefined && list.itemsLast && isLast;
  return { ...type, cut: options.cut || endless };
}

function* readItems(
  bytes: Buffer,
  document: Span,
  list: YamlList,
  type: TypedYamlList,
  options: ReadOptions,
): Iterable<Found> {
  yield* typedList(type);
  const itemKind = type.items?.apiKind;
  const place = { assume: type.items };
  let triedWhole = false;
  for (const [i, item] of list.items.entries()) {
    if (type.cut && i === list.items.length - 1) {
      const why =
        "The list is cut short here: its end is missing. Its last item, which may be incomplete, is left out.";
      yield { kind: "cut", line: item.line, why, itemKind };
      return;
    }
    if (item.end - item.start > options.maxDocumentBytes) {
      yield tooLarge(item, options);
      continue;
    }
    const text = decode(bytes, item);
    const templated = isTemplated(text);
    const parsed = parseYaml(text);
    if (parsed.kind === "value" && Array.isArray(parsed.value)) {
      yield* unwrap(parsed.value[0], { ...place, line: item.line, templated }, 1);
    } else if (parsed.kind === "invalid") {
      // An item may lean on an anchor in another one; then only the whole parses.
      const whole = triedWhole ? undefined : wholeItems(bytes, document, list.items.length);
      triedWhole = true;
      if (whole !== undefined) {
        for (const [j, value] of whole.entries()) {
          if (j >= i)
            yield* unwrap(value, { ...place, line: list.items[j]?.line ?? item.line, templated }, 1);
        }
        return;
      }
      const line = item.line + parsed.line;
      yield { kind: "lost", line, why: parsed.why, apiKind: guessKind(text) ?? itemKind, templated };
    }
  }
}

function wholeItems(bytes: Buffer, document: Span, count: number): readonly unknown[] | undefined {
  if (document.end - document.start > maxSecondTryBytes) return undefined;
  const parsed = parseYaml(decode(bytes, document));
  if (parsed.kind !== "value") return undefined;
  const items: unknown = isMapping(parsed.value) ? parsed.value.items : parsed.value;
  return Array.isArray(items) && items.length === count ? items : undefined;
}

function tooLarge(span: Span, options: ReadOptions): Found {
  return {
    kind: "too-large",
    line: span.line,
    why: `It is larger than ${bytesInWords(options.maxDocumentBytes)}, more than any Kubernetes object, and is left out.`,
  };
}

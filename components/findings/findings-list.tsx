import type { FindingsAnswer } from "#lib/protocol/answers.ts";
import type { FindingsLink } from "#lib/protocol/findings-link.ts";
import { LeftOut } from "./left-out.tsx";
import { type Item, ProblemCard } from "./problem-card.tsx";

interface Props {
  readonly answer: FindingsAnswer;
  readonly by: FindingsLink["by"];
  readonly open: string | undefined;
  readonly onOpen: (key: string | undefined) => void;
  readonly onShow: (id: string) => void;
}

interface Group {
  readonly title: string | undefined;
  readonly items: readonly Item[];
}

/** What was found, what is set aside, and what could not be told. */
export function FindingsList({ answer, by, open, onOpen, onShow }: Props) {
  const groups = groupsOf(answer, by);
  return (
    <>
      {answer.total === 0 ? <NothingFound answer={answer} /> : null}
      {groups.map(({ title, items }) => (
        <section key={title ?? ""} aria-label={title ?? "Problems"}>
          {title === undefined ? null : (
            <h2 className="mb-2 mt-4 text-[12px] font-semibold text-ink-2 first:mt-0">{title}</h2>
          )}
          <ul className="space-y-2">
            {items.map((item) => (
              <ProblemCard key={item.finding.key} item={item} open={open} onOpen={onOpen} onShow={onShow} />
            ))}
          </ul>
        </section>
      ))}
      <LeftOut answer={answer} />
    </>
  );
}

function groupsOf({ findings, problems, listed, facets }: FindingsAnswer, by: Props["by"]): readonly Group[] {
  const at = (index: number) => findings[index];
  const items = problems.flatMap(({ root, consequences, affects, ignoredCause }): Item[] => {
    const finding = at(root);
    if (finding === undefined) return [];
    return [
      {
        finding,
        affects,
        cause: ignoredCause === undefined ? undefined : `${ignoredCause.code}, which is ignored`,
        consequences: consequences.flatMap((each) => {
          const follows = at(each.finding);
          return follows === undefined ? [] : [{ finding: follows, depth: each.depth }];
        }),
      },
    ];
  });
  if (by === "cause") return items.length === 0 ? [] : [{ title: undefined, items }];
  const titles = new Map(facets.codes.map(({ value, title }) => [value, title]));
  const groups = Map.groupBy(listed, ({ group }) => group);
  return [...groups].map(([group, members]) => ({
    title:
      by === "code" ? `${group} · ${titles.get(group) ?? ""}` : group === "-" ? "In no namespace" : group,
    items: members.flatMap(({ finding: index, cause }): Item[] => {
      const finding = at(index);
      if (finding === undefined) return [];
      return [
        {
          finding,
          consequences: [],
          cause: cause === undefined ? undefined : `${cause.code} of ${cause.subject}`,
        },
      ];
    }),
  }));
}

function NothingFound({ answer: { findings, facets, cannotTell } }: Pick<Props, "answer">) {
  const filtered = findings.length === 0 && facets.codes.length > 0;
  return (
    <p
      className={`rounded-xl p-4 text-[13.5px] ${filtered ? "bg-surface text-ink-2" : "bg-ok-soft text-ok"}`}
    >
      {filtered
        ? "No finding passes all of these filters."
        : cannotTell.length === 0
          ? "Nothing found. Every check ran."
          : "Nothing found by the checks that could run."}
    </p>
  );
}

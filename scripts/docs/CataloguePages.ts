// The pages of the errors, of what goes wrong, and of the operations, made of what the program itself goes by.
import * as Operations from "../../src/habu/Operations.js"
import * as ErrorCatalogue from "../../src/workflows/ErrorCatalogue.js"
import * as Catalogue from "../../src/workflows/troubleshoot/Catalogue.js"
import { code, page, table } from "./Markdown.js"

const grouped = <A>(all: Iterable<A>, by: (one: A) => string): ReadonlyMap<string, ReadonlyArray<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const one of all) {
    const group = groups.get(by(one))
    if (group === undefined) groups.set(by(one), [one])
    else group.push(one)
  }
  return groups
}

const linked = (id: Catalogue.Id) => `[${id}](troubleshooting.md#${id.toLowerCase()})`

const causes = ({ entries }: ErrorCatalogue.Item) =>
  entries.map(({ entries, operation }) =>
    `${operation === undefined ? "" : `${code(operation)}: `}${entries.map(linked).join(", ")}`
  )

const errors = page(
  "# Errors",
  "A call that fails answers with a code, what happened, and what to do. *Retryable* says whether the same call may " +
    "succeed later without anything being changed. `troubleshoot_issues` takes a code as `error_code` and looks for the cause.",
  ...ErrorCatalogue.all.map((item) =>
    [
      `## ${item.code}`,
      "",
      `${item.meaning} (${item.category}, ${item.retryable ? "retryable" : "not retryable"})`,
      "",
      `- Says, for example: ${item.message}`,
      `- To do: ${item.advice}`,
      ...(item.entries.length === 0 ? [] : [`- May be: ${causes(item).join("; ")}`])
    ].join("\n")
  )
)

const shown: { readonly [shown in Catalogue.Entry["shown"]]: string } = {
  yes: "the API shows it",
  partly: "the API shows it in part",
  no: "the API cannot show it"
}

const whose: { readonly [who in Exclude<Catalogue.Who, "server">]: string } = {
  "habu ui": "in Habu's UI",
  partner: "the partner",
  liveramp: "LiveRamp",
  "data owner": "your side"
}

const fixes = ({ fix }: Catalogue.Entry) =>
  fix.map(({ do: what, tool, who }) => {
    if (who !== "server") return `  - ${what} (${whose[who]})`
    return `  - ${what}${tool === undefined ? "" : ` ([${code(tool)}](tools/${tool}.md))`}`
  })

const entry = (one: Catalogue.Entry) =>
  [
    `### ${one.id}`,
    "",
    `**${one.symptom}** ${one.cause}`,
    "",
    `- Check: ${one.check}`,
    "- Fix:",
    ...fixes(one),
    `- ${shown[one.shown]}; ${one.evidence.join(", ")}`
  ].join("\n")

const troubleshooting = page(
  "# Troubleshooting",
  "What goes wrong with clean rooms, why, and what mends it. [`troubleshoot_issues`](tools/troubleshoot_issues.md) goes " +
    "through this list with what Habu holds and says which entry it is. Who can carry out a fix stands behind it; without " +
    "a name it is this server. The last line says whether Habu's API shows the cause, and how sure the entry is: " +
    "*documented* by LiveRamp, in the *contract*, *seen* on live Habu, or *inferred*.",
  ...[...grouped(Catalogue.all, ({ area }) => area)].flatMap(([area, entries]) => [
    `## ${area.slice(0, 1).toUpperCase()}${area.slice(1)}`,
    ...entries.map(entry)
  ])
)

const limits = ({ polls, spends }: Operations.Info) => [
  ...(spends === undefined ? [] : [`spends ${code(spends)}`]),
  ...(polls === undefined ? [] : [`one look in ${polls.seconds} s`])
]

const operations = page(
  "# The operations",
  `The ${Operations.all.size} public operations of Habu's API. Each is a method of \`HabuClient\` under its id, and can be ` +
    "called with [`call_api_operation`](tools/call_api_operation.md).",
  ...[...grouped(Operations.all.values(), ({ group }) => group)].flatMap(([group, all]) => [
    `## ${group}`,
    table(
      ["operation", "request", "does", ""],
      all.map((info) => [
        code(info.id),
        code(`${info.method} ${info.path}`),
        info.summary,
        [info.effect, ...limits(info)].join(", ")
      ])
    )
  ])
)

export const pages: ReadonlyArray<readonly [path: string, text: string]> = [
  ["errors.md", errors],
  ["troubleshooting.md", troubleshooting],
  ["operations.md", operations]
]

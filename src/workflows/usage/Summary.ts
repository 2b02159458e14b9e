/**
 * The executive summary: one page of Markdown on how the clean rooms are used.
 *
 * @since 0.1.0
 */
import * as Markdown from "../survey/Markdown.js"
import * as Words from "../Words.js"
import type * as CostInsights from "./CostInsights.js"

/**
 * What the page is made of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Content {
  readonly title: string
  readonly days: number
  readonly at: number
  readonly summary: string
  readonly cleanRooms: ReadonlyArray<
    { readonly name: string; readonly runs?: number; readonly minutes?: number; readonly change?: number }
  >
  readonly up: ReadonlyArray<string>
  readonly down: ReadonlyArray<string>
  readonly partners: ReadonlyArray<
    { readonly name: string; readonly datasets?: number; readonly runs: number; readonly standing: string }
  >
  readonly unused: ReadonlyArray<string>
  readonly insights: ReadonlyArray<CostInsights.CostInsight>
  readonly caveats: ReadonlyArray<string>
}

const signed = (change: number | undefined) => change === undefined ? undefined : `${change > 0 ? "+" : ""}${change} %`

// A page holds so many lines of each.
const most = 6

const insight = ({ lever, quantities }: CostInsights.CostInsight) =>
  `${lever}: ${quantities.map(({ amount, kind, unit }) => `${amount} ${unit} (${kind})`).join(", ")}`

/**
 * Writes the page.
 *
 * @since 0.1.0
 * @category constructors
 */
export const write = (content: Content): string =>
  [
    `# ${Markdown.text(content.title)}`,
    "",
    `${Words.count(content.days, "day")} up to ${Words.iso(content.at).slice(0, 10)}, compared with as many before.`,
    "",
    Markdown.text(content.summary),
    "",
    ...Markdown.section(
      "Most used clean rooms",
      Markdown.table(
        ["Clean room", "Runs", "Minutes of running", "Change"],
        content.cleanRooms.slice(0, most).map((
          { change, minutes, name, runs }
        ) => [name, runs, minutes, signed(change)])
      )
    ),
    ...Markdown.section("Rising", Markdown.list(content.up.slice(0, 3))),
    ...Markdown.section("Falling", Markdown.list(content.down.slice(0, 3))),
    ...Markdown.section(
      "Partners",
      Markdown.table(
        ["Partner", "Datasets", "Runs on their data (estimated)", "Standing"],
        content.partners.slice(0, most).map(({ datasets, name, runs, standing }) => [name, datasets, runs, standing])
      )
    ),
    ...Markdown.section("Not used", Markdown.list(content.unused)),
    ...Markdown.section("Where to save", Markdown.list(content.insights.slice(0, most).map(insight))),
    ...Markdown.section("How to read this", Markdown.list(content.caveats))
  ].join("\n").trimEnd() + "\n"

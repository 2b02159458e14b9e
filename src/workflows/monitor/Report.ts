/**
 * The status of clean rooms as a report in Markdown.
 *
 * @since 0.1.0
 */
import type { Withheld } from "../find/Gathered.js"
import type { Finding } from "../survey/Findings.js"
import * as Markdown from "../survey/Markdown.js"
import * as Statistics from "../survey/Statistics.js"
import type { Brief, CleanRoomView, Runs } from "./CleanRoomView.js"

const headings: { readonly [urgency in Finding["urgency"]]: string } = {
  now: "Now",
  soon: "Soon",
  watch: "Good to know"
}

const findings = (all: ReadonlyArray<Finding>) =>
  (["now", "soon", "watch"] as const).flatMap((urgency) =>
    Markdown.section(
      headings[urgency],
      Markdown.list(
        all.filter((one) => one.urgency === urgency).map(({ text, whose }) =>
          whose === undefined ? text : `${text} Whose turn: ${whose}.`
        )
      )
    )
  )

const ofRuns = (runs: typeof Runs.Type | undefined) => {
  if (runs === undefined) return []
  const times = (what: string, { p50_seconds, p95_seconds }: typeof Statistics.Times.Type) =>
    `${what}: half within ${Statistics.spoken(p50_seconds)}, 95 % within ${Statistics.spoken(p95_seconds)}`
  return [
    ...Markdown.list([
      `${runs.count} runs: ${runs.completed} completed, ${runs.failed} failed, ${runs.going ?? 0} under way${
        runs.success_percent === undefined ? "" : ` (${runs.success_percent} % of those that ended completed)`
      }`,
      ...(runs.queue === undefined ? [] : [times("Waiting", runs.queue)]),
      ...(runs.run === undefined ? [] : [times("Running", runs.run)])
    ]),
    ...Markdown.table(
      ["Failed because", "Runs", "Questions"],
      (runs.failures ?? []).map(({ cause, count, questions }) => [cause, count, questions.join(", ")])
    )
  ]
}

const withheld = (parts: ReadonlyArray<Withheld>) =>
  Markdown.list(
    parts.map(({ clean_room, part, reason }) =>
      `${part}${clean_room === undefined ? "" : ` in ${clean_room.name ?? clean_room.display_id ?? ""}`}: ${reason}`
    )
  )

/**
 * What every report ends with.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rest {
  readonly summary: string
  readonly findings: ReadonlyArray<Finding>
  readonly changes: ReadonlyArray<string>
  readonly denied: ReadonlyArray<Withheld>
  readonly failed: ReadonlyArray<Withheld>
  readonly warnings: ReadonlyArray<string>
}

const around = (title: string, rest: Rest, body: ReadonlyArray<string>) =>
  [
    `# ${Markdown.text(title)}`,
    "",
    Markdown.text(rest.summary),
    "",
    ...findings(rest.findings),
    ...Markdown.section("Changed since the last look", Markdown.list(rest.changes)),
    ...body,
    ...Markdown.section("Denied by Habu", withheld(rest.denied)),
    ...Markdown.section("Not answered by Habu", withheld(rest.failed)),
    ...Markdown.section("Mind", Markdown.list(rest.warnings))
  ].join("\n").trimEnd()

/**
 * A report on one clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofOne = (title: string, view: CleanRoomView, rest: Rest) =>
  around(title, rest, [
    ...Markdown.section("Readiness", [
      ...Markdown.list([
        view.readiness?.questions === undefined
          ? "Questions: not shown by Habu"
          : `${view.readiness.questions.ready} of ${view.readiness.questions.total} questions are READY`,
        view.readiness?.datasets === undefined
          ? "Datasets: not shown by Habu"
          : `${view.readiness.datasets.ready} of ${view.readiness.datasets.total} datasets can be used`
      ]),
      ...Markdown.table(
        ["Not READY", "Status", "Missing", "Whose turn"],
        (view.readiness?.questions_not_ready ?? []).map(({ display_id, missing, name, status, whose_turn }) => [
          name ?? display_id,
          status,
          missing?.join(", "),
          whose_turn?.join(", ")
        ])
      )
    ]),
    ...Markdown.section("Partners", [
      ...Markdown.table(
        ["Partner", "Users", "Datasets", "Assigned", "Open", "Last activity"],
        (view.partners ?? []).map((partner) => [
          partner.name,
          partner.users,
          partner.datasets,
          partner.assigned_macros,
          partner.open_macros,
          partner.last_activity?.slice(0, 10)
        ])
      ),
      ...Markdown.table(
        ["Invitation", "Status", "Days"],
        (view.invitations ?? []).map(({ email, status, waiting_days }) => [email, status, waiting_days])
      )
    ]),
    ...Markdown.section("Runs", ofRuns(view.runs)),
    ...Markdown.section(
      "Ending",
      Markdown.list((view.expiring ?? []).map(({ days_left, on, what }) => `${what}: ${on} (in ${days_left} days)`))
    )
  ])

/**
 * A report on all clean rooms.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofAll = (briefs: ReadonlyArray<typeof Brief.Type>, rest: Rest) =>
  around(
    "Clean rooms",
    rest,
    Markdown.section(
      "Clean rooms",
      Markdown.table(
        ["Clean room", "Ends", "READY", "Runs", "Success %", "Partners", "Last activity"],
        briefs.map((brief) => [
          `${brief.name ?? ""} ${brief.display_id ?? ""}`.trim(),
          brief.ends,
          brief.ready,
          brief.runs,
          brief.success_percent,
          brief.partners,
          brief.last_activity?.slice(0, 10)
        ])
      )
    )
  )

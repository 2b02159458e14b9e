/**
 * Pictures of an organisation's health.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as VegaLite from "../../results/VegaLite.js"
import type { RunRecord } from "../survey/Records.js"
import type * as Workflow from "../Workflow.js"
import * as Patterns from "./Patterns.js"

/**
 * What can be drawn.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kind = Schema.Literal("runs_by_hour", "runs_by_weekday", "runs_by_day", "scores")

export type Kind = typeof Kind.Type

/**
 * What there is to draw from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Figures {
  readonly runs: ReadonlyArray<RunRecord>
  readonly days: number
  readonly scores: ReadonlyArray<{ readonly name: string; readonly overall: number | undefined }>
}

const outcomes = (
  runs: ReadonlyArray<RunRecord>,
  counted: (runs: ReadonlyArray<RunRecord>) => Iterable<readonly [string, number]>
) =>
  (["completed", "failed", "under way"] as const).flatMap((outcome) =>
    [...counted(
      runs.filter(({ phase }) =>
        outcome === "under way" ? phase !== "completed" && phase !== "failed" : phase === outcome
      )
    )].map(([x, y]) => ({ x, y, outcome }))
  )

const color = {
  field: "outcome",
  type: "nominal",
  scale: { domain: ["completed", "failed", "under way"], range: ["#2563a8", "#b91c1c", "#9ca3af"] },
  legend: { title: null, orient: "top" }
}

const stacked = (title: string, subtitle: string, axis: string, values: ReadonlyArray<unknown>) =>
  VegaLite.framed(title, subtitle, {
    height: 280,
    data: { values },
    mark: { type: "bar" },
    encoding: {
      x: { field: "x", type: "ordinal", sort: null, axis: { title: axis, labelAngle: 0, labelOverlap: true } },
      y: { field: "y", type: "quantitative", axis: { title: "runs", format: ",~f", tickMinStep: 1 } },
      color
    }
  })

const perDay = (runs: ReadonlyArray<RunRecord>): ReadonlyArray<readonly [string, number]> => {
  const counts = new Map<string, number>()
  for (const { submittedAt } of runs) {
    if (submittedAt === undefined) continue
    const day = new Date(submittedAt).toISOString().slice(0, 10)
    counts.set(day, (counts.get(day) ?? 0) + 1)
  }
  return [...counts]
}

const mostBars = 25

const specs: { readonly [kind in Kind]: (figures: Figures) => VegaLite.Spec } = {
  runs_by_hour: ({ days, runs }) =>
    stacked(
      "Runs by hour of the day",
      `in the last ${days} days, by when they were handed in (UTC)`,
      "hour",
      outcomes(runs, (some) =>
        Patterns.byHour(some).map((count, hour) => [String(hour).padStart(2, "0"), count] as const))
    ),
  runs_by_weekday: ({ days, runs }) =>
    stacked(
      "Runs by day of the week",
      `in the last ${days} days, by when they were handed in (UTC)`,
      "day",
      outcomes(runs, Patterns.byWeekday)
    ),
  runs_by_day: ({ days, runs }) =>
    VegaLite.framed("Runs by day", `in the last ${days} days, by when they were handed in (UTC)`, {
      height: 280,
      data: { values: outcomes(runs, perDay) },
      mark: { type: "bar" },
      encoding: {
        x: { field: "x", type: "temporal", timeUnit: "utcyearmonthdate", axis: { title: "day", format: "%-d %b" } },
        y: { field: "y", type: "quantitative", axis: { title: "runs", format: ",~f", tickMinStep: 1 } },
        color
      }
    }),
  scores: ({ scores }) =>
    VegaLite.framed(
      "Overall scores of clean rooms",
      scores.length > mostBars ? `the ${mostBars} lowest of ${scores.length}` : "the lowest first",
      {
        height: { step: 22 },
        data: {
          values: scores.filter(({ overall }) => overall !== undefined).slice(0, mostBars)
            .map(({ name, overall }) => ({ x: name, y: overall }))
        },
        mark: { type: "bar", cornerRadiusEnd: 2 },
        encoding: {
          y: { field: "x", type: "nominal", sort: null, axis: { title: null, ticks: false, labelLimit: 400 } },
          x: { field: "y", type: "quantitative", scale: { domain: [0, 100] }, axis: { title: "score" } }
        }
      }
    )
}

/**
 * A chart as Vega-Lite, its data within.
 *
 * @since 0.1.0
 * @category constructors
 */
export const spec = (kind: Kind, figures: Figures): VegaLite.Spec => specs[kind](figures)

// The renderer is large, needs Node and may be missing; nothing else does.
const picture = Effect.promise(() => import("../../results/Picture.js"))

/**
 * Draws a chart. Where it cannot be drawn, the specification still tells all, and why is told.
 *
 * @since 0.1.0
 * @category constructors
 */
export const draw = (
  drawn: VegaLite.Spec
): Effect.Effect<
  { readonly attachments: ReadonlyArray<Workflow.Attachment>; readonly warnings: ReadonlyArray<string> }
> =>
  Effect.flatMap(picture, ({ png }) => png(drawn)).pipe(
    Effect.map((bytes) => ({ attachments: [{ _tag: "Image" as const, mimeType: "image/png", bytes }], warnings: [] })),
    Effect.catchAll(({ advice, problem }) => Effect.succeed({ attachments: [], warnings: [`${problem} ${advice}`] }))
  )

/**
 * Everything that can be known before a run is spent: a bad run still costs one of twenty starts an hour.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoomQuestionDataset, CleanroomQuestionParameter } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuBudget } from "../../habu/HabuBudget.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Placed } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import { InputInvalid } from "../Workflow.js"

/**
 * One thing that was looked at.
 *
 * `missing` is the caller's to give; `blocked` someone must mend first; `unknown` could not be read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Check {
  readonly check: "ready" | "clean_room_open" | "datasets" | "parameters" | "budget"
  readonly result: "ok" | "missing" | "blocked" | "unknown"
  readonly detail: string
}

/**
 * A parameter as a caller needs to see it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Parameter {
  readonly name: string
  readonly type: string
  /** Whether it limits which part of a dataset is read. */
  readonly partition: boolean
  readonly required: boolean
  readonly description?: string
  readonly default?: string
  readonly allowed?: ReadonlyArray<string>
  readonly example?: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Preflight {
  readonly checks: ReadonlyArray<Check>
  readonly parameters: ReadonlyArray<Parameter>
  /** What would be sent: what was given, and the defaults for the rest. */
  readonly values: { readonly [name: string]: string }
  readonly missing: ReadonlyArray<Parameter>
  readonly slotsLeft: number
}

const isPartition = ({ ParameterType, partitionFieldConfig }: CleanroomQuestionParameter) =>
  /partition/i.test(ParameterType ?? "") || partitionFieldConfig !== undefined

/**
 * A parameter as a caller needs to see it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toParameter = (raw: CleanroomQuestionParameter): Parameter => {
  const text = (value: string | undefined) => value === undefined || value === "" ? undefined : Text.clean(value)
  const description = text(raw.Description) ?? text(raw.DisplayName)
  const fallback = text(raw.DefaultValue)
  const example = text(raw.ExampleValue)
  const allowed = raw.AllowedValues ?? raw.partitionFieldConfig?.values ?? []
  return {
    name: Words.exact(raw.Name ?? ""),
    type: Text.clean(raw.DataType ?? "STRING", 30),
    partition: isPartition(raw),
    required: fallback === undefined,
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(allowed.length > 0 && (raw.ConstraintType === "ENFORCED_LIST" || raw.HasConstraint === true) && {
      allowed: allowed.map(Words.exact)
    }),
    ...(example !== undefined && { example })
  }
}

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))

const typeProblems: ReadonlyArray<
  { readonly type: RegExp; readonly fits: (value: string) => boolean; readonly problem: string }
> = [
  { type: /^(integer|long|int|bigint)$/i, fits: (value) => /^[+-]?\d+$/.test(value), problem: "is not a whole number" },
  {
    type: /^(double|decimal|float|number)/i,
    fits: (value) => value.trim() !== "" && Number.isFinite(Number(value)),
    problem: "is not a number"
  },
  { type: /^date$/i, fits: isDate, problem: "is not a date written YYYY-MM-DD" },
  { type: /^bool/i, fits: (value) => /^(true|false)$/i.test(value), problem: "is neither true nor false" }
]

const invalid = (parameter: Parameter, value: string): InputInvalid | undefined => {
  const field = `parameters.${parameter.name}`
  const shown = JSON.stringify(Text.clean(value, 80))
  if (parameter.allowed !== undefined && !parameter.allowed.includes(value)) {
    return new InputInvalid({
      field,
      problem: `is ${shown}, which the question does not allow`,
      options: parameter.allowed.slice(0, 50).map((one) => Text.clean(one)),
      advice: "Give one of the possible values exactly as written."
    })
  }
  const wrong = typeProblems.find(({ fits, type }) => type.test(parameter.type) && !fits(value))
  return wrong === undefined
    ? undefined
    : new InputInvalid({ field, problem: `is ${shown}, which ${wrong.problem}`, advice: "Correct the value." })
}

const unknownName = (name: string, parameters: ReadonlyArray<Parameter>, of: string) =>
  new InputInvalid({
    field: `parameters.${Text.clean(name, 80)}`,
    problem: `is not a parameter of this ${of}`,
    options: parameters.map((parameter) => parameter.name),
    advice: parameters.length === 0 ? `This ${of} takes no parameters.` : "Use the names exactly as listed."
  })

const backwards = (values: { readonly [name: string]: string }) =>
  Object.entries(values).flatMap(([name, from]) => {
    const end = name.replace(/date_start$/, "date_end")
    const to = values[end]
    return name === end || to === undefined || !isDate(from) || !isDate(to) || from <= to ? [] : [
      new InputInvalid({
        field: `parameters.${end}`,
        problem: `is ${to}, before ${name} (${from})`,
        advice: "Give an end date on or after the start date."
      })
    ]
  })[0]

/**
 * Checks given values against what a question takes, or what else `of` names.
 *
 * @since 0.1.0
 * @category constructors
 */
export const checkValues = (
  parameters: ReadonlyArray<Parameter>,
  given: { readonly [name: string]: string },
  of = "question"
): Effect.Effect<{ readonly [name: string]: string }, InputInvalid> => {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]))
  const wrong = Object.entries(given).map(([name, value]) => {
    const parameter = byName.get(name)
    return parameter === undefined ? unknownName(name, parameters, of) : invalid(parameter, value)
  }).find((problem) => problem !== undefined) ?? backwards(given)
  if (wrong !== undefined) return Effect.fail(wrong)
  const defaults = parameters.flatMap(({ default: value, name }) => value === undefined ? [] : [[name, value] as const])
  return Effect.succeed({ ...Object.fromEntries(defaults), ...given })
}

/**
 * Whether a clean room's end date has passed: it is read-only then.
 *
 * @since 0.1.0
 * @category guards
 */
export const isExpired = (cleanRoom: CleanRoom, now: number): boolean => {
  const end = Date.parse(`${cleanRoom.endAt?.slice(0, 10) ?? ""}T23:59:59.999Z`)
  return Number.isFinite(end) && end < now
}

const readyCheck = (status: string | undefined): Check =>
  status?.trim().toUpperCase() === "READY"
    ? { check: "ready", result: "ok", detail: "The question is READY." }
    : {
      check: "ready",
      result: "blocked",
      detail: `The question's status is ${Text.clean(status ?? "unknown", 50)}; Habu runs it only when it is READY.`
    }

/**
 * Whether a clean room lets runs be started.
 *
 * @since 0.1.0
 * @category constructors
 */
export const openCheck = (cleanRoom: CleanRoom, now: number): Check =>
  isExpired(cleanRoom, now)
    ? {
      check: "clean_room_open",
      result: "blocked",
      detail: `The clean room ended on ${cleanRoom.endAt}: it is read-only until its owner sets a later end date.`
    }
    : { check: "clean_room_open", result: "ok", detail: "The clean room has not ended." }

/**
 * Whether a macro has its dataset.
 *
 * @since 0.1.0
 * @category guards
 */
export const isAssigned = ({ datasetId, datasetName }: CleanRoomQuestionDataset) =>
  (datasetId ?? "") !== "" || (datasetName ?? "") !== ""

/**
 * Who has to assign the dataset of a macro: an organisation's name where Habu tells it.
 *
 * @since 0.1.0
 * @category getters
 */
export const whoseTurn = ({ organizationName, ownership }: CleanRoomQuestionDataset): string =>
  organizationName !== undefined && organizationName !== ""
    ? Text.clean(organizationName, 60)
    : /partner/i.test(ownership ?? "")
    ? "a partner"
    : "the owner"

const datasetsCheck = (datasets: ReadonlyArray<CleanRoomQuestionDataset>): Check => {
  const open = datasets.filter((dataset) => !isAssigned(dataset))
  if (open.length === 0) {
    return {
      check: "datasets",
      result: "ok",
      detail: datasets.length === 0
        ? "The question reads no datasets."
        : `All ${datasets.length} datasets are assigned: ${
          datasets.map(({ datasetName, macro }) =>
            `@${Text.clean(macro ?? "?", 50)} = ${Text.clean(datasetName ?? "?", 60)}`
          )
            .join(", ")
        }.`
    }
  }
  const whose = (dataset: CleanRoomQuestionDataset) =>
    `@${Text.clean(dataset.macro ?? "?", 50)} (${whoseTurn(dataset)} must assign it)`
  return { check: "datasets", result: "blocked", detail: `No dataset is assigned to ${open.map(whose).join(", ")}.` }
}

const parametersCheck = (missing: ReadonlyArray<Parameter>): Check => {
  if (missing.length === 0) return { check: "parameters", result: "ok", detail: "All values are given and valid." }
  const dates = missing.some(({ partition }) => partition)
    ? " Without its dates a partitioned dataset gives no rows, and the run would still count."
    : ""
  return {
    check: "parameters",
    result: "missing",
    detail: `Still needed: ${missing.map(({ name }) => name).join(", ")}.${dates}`
  }
}

/**
 * Whether a start is left.
 *
 * @since 0.1.0
 * @category constructors
 */
export const budgetCheck = (left: number, nextAt: number | undefined): Check =>
  left > 0
    ? { check: "budget", result: "ok", detail: `${left} run starts are left this hour, as far as this store knows.` }
    : {
      check: "budget",
      result: "blocked",
      detail: `No run start is left${
        nextAt === undefined ? "" : `; the next is free at ${new Date(nextAt).toISOString()}`
      }.`
    }

/**
 * Looks at a question before a start. Values that are given and wrong fail at once with {@link InputInvalid}; all else
 * is told as checks.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Preflight.make")(function*(
  placed: Placed,
  given: { readonly [name: string]: string }
) {
  const habu = yield* HabuClient
  const budget = yield* HabuBudget
  const path = { cleanroomQuestionId: placed.question.id ?? "" }
  const { datasets, question, raw, status } = yield* Effect.all({
    question: habu.getCleanroomQuestionById({ path }),
    raw: habu.getCleanroomQuestionParameters({ path }),
    datasets: Effect.map(habu.getAllCleanroomQuestionDatasets({ path }), datasetsCheck).pipe(
      Effect.catchTag("Forbidden", () =>
        Effect.succeed<Check>({
          check: "datasets",
          result: "unknown",
          detail: "Habu does not show this API user which datasets are assigned."
        }))
    ),
    status: budget.status
  }, { concurrency: "unbounded" })
  const now = yield* Clock.currentTimeMillis
  const parameters = (raw.parameters ?? []).map(toParameter).filter(({ name }) => name !== "")
  const values = yield* checkValues(parameters, given)
  const missing = parameters.filter(({ name, required }) => required && values[name] === undefined)
  const starts = status.find((one) => one.budget === "question_run_start")
  const slotsLeft = starts?.remaining ?? 0
  return {
    checks: [
      readyCheck(question.status ?? placed.question.status),
      openCheck(placed.cleanRoom, now),
      datasets,
      parametersCheck(missing),
      budgetCheck(slotsLeft, starts?.nextAt)
    ],
    parameters,
    values,
    missing,
    slotsLeft
  } satisfies Preflight
})

/**
 * Values for scheduled runs: fixed ones, and dates that move with each run (`-30 days`, `-1 months`, `today`).
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type {
  CleanroomQuestionRunScheduleParameter,
  GetCleanroomQuestionRunScheduleResponse as Schedule
} from "../../habu/api/Schedules.js"
import * as Preflight from "../question/Preflight.js"
import * as Words from "../Words.js"

const moving = /^-\s*(\d{1,4})\s*(d|day|days|m|month|months)$/i

/**
 * A date that moves: so many days or months before the run; undefined for any other value.
 *
 * @since 0.1.0
 * @category getters
 */
export const relative = (
  value: string
): { readonly count: number; readonly qualifier: "DAYS" | "MONTHS" } | undefined => {
  const text = value.trim()
  if (/^today$/i.test(text)) return { count: 0, qualifier: "DAYS" }
  const found = moving.exec(text)
  return found === null
    ? undefined
    : { count: Number(found[1]), qualifier: /^m/i.test(found[2] ?? "") ? "MONTHS" : "DAYS" }
}

const day = (now: number, { count, qualifier }: NonNullable<ReturnType<typeof relative>>) => {
  const then = new Date(now)
  if (qualifier === "MONTHS") then.setUTCMonth(then.getUTCMonth() - count)
  else then.setUTCDate(then.getUTCDate() - count)
  return Words.iso(then.getTime()).slice(0, 10)
}

/**
 * Checks values as a run's are checked, moving dates by where they stand today, and says which the question still needs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const check = (
  parameters: ReadonlyArray<Preflight.Parameter>,
  given: { readonly [name: string]: string },
  now: number
) => {
  const dated = Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const moved = relative(value)
      return [name, moved === undefined ? value : day(now, moved)]
    })
  )
  return Effect.map(Preflight.checkValues(parameters, dated), (checked) => ({
    missing: parameters.filter(({ name, required }) => required && checked[name] === undefined),
    values: { ...checked, ...given }
  }))
}

/**
 * Values as a schedule takes them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toSchedule = (
  parameters: ReadonlyArray<Preflight.Parameter>,
  values: { readonly [name: string]: string }
): ReadonlyArray<CleanroomQuestionRunScheduleParameter> =>
  Object.entries(values).map(([name, value]) => {
    const known = parameters.find((parameter) => parameter.name === name)
    const moved = relative(value)
    const isDate = moved !== undefined || /^date$/i.test(known?.type ?? "") || known?.partition === true
    return {
      name,
      value: moved === undefined ? value : String(moved.count),
      dataType: known?.type ?? "STRING",
      parameterType: known?.partition === true ? "PARTITION_PARAMETER" : "RUN_PARAMETER",
      ...(isDate && { dateType: moved === undefined ? "ABSOLUTE" : "RELATIVE" }),
      ...(moved !== undefined && { dateQualifier: moved.qualifier })
    }
  })

/**
 * A schedule's values as they read back, in the form in which they are given here.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofSchedule = ({ parameters = {} }: Schedule): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { isStatic, qualifier, value = "" }]) => [
      Words.said(name) ?? name,
      isStatic === false || (qualifier !== undefined && /^\d+$/.test(value))
        ? `-${value} ${(qualifier ?? "DAYS").toLowerCase()}`
        : value
    ])
  )

const canonical = (value: string) => {
  const moved = relative(value)
  return moved === undefined ? value : `-${moved.count} ${moved.qualifier.toLowerCase()}`
}

/**
 * Whether two sets of values mean the same, however a moving date is written.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSame = (
  one: { readonly [name: string]: string },
  other: { readonly [name: string]: string }
): boolean => {
  const text = (values: { readonly [name: string]: string }) =>
    JSON.stringify(Object.entries(values).map(([name, value]) => [name, canonical(value)]).sort())
  return text(one) === text(other)
}

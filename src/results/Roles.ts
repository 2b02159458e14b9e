/**
 * What the columns of a result are for: what is measured, by what, and when.
 *
 * The question says it where it can be read; else names and values tell.
 *
 * @since 0.1.0
 */
import type { TableColumn } from "./Table.js"

/**
 * What a question says of its result: the names of its measures and dimensions.
 *
 * @since 0.1.0
 * @category models
 */
export interface Hints {
  readonly measures: ReadonlyArray<string>
  readonly dimensions: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category constants
 */
export const noHints: Hints = { measures: [], dimensions: [] }

/**
 * A column with how many different values it has, as far as that was counted.
 *
 * @since 0.1.0
 * @category models
 */
export interface Candidate {
  readonly column: TableColumn
  readonly distinct: number
  readonly values: number
  /** Whether all values of a text column are days. */
  readonly days: boolean
}

/**
 * The roles: `measures`, the main one first; `dimensions`, the main one first; `date`, the column that orders in time.
 *
 * @since 0.1.0
 * @category models
 */
export interface Roles {
  readonly measures: ReadonlyArray<TableColumn>
  readonly dimensions: ReadonlyArray<TableColumn>
  readonly date: TableColumn | undefined
}

const key =
  /(^|[_ ])(id|key|code|zip|postcode|rank|bucket|position|year|quarter|month|week|day|hour|age|decile|tier)s?$/i

const notAdditive = /percent|pct|rate|ratio|share|avg|average|mean|median|index|lift|score|(^|[_ ])per[_ ]|cp[mac]|ctr/i

const people =
  /people|person|user|reach|unique|distinct|customer|buyer|household|member|shopper|visitor|audience|match/i

/**
 * Whether the values of a measure may be added up; rates, averages and indexes may not.
 *
 * @since 0.1.0
 * @category guards
 */
export const isAdditive = (name: string): boolean => !notAdditive.test(name)

/**
 * Whether a measure counts people, of whom one may count in several groups.
 *
 * @since 0.1.0
 * @category guards
 */
export const countsPeople = (name: string): boolean => people.test(name) && isAdditive(name)

const names = (list: ReadonlyArray<string>) => new Set(list.map((name) => name.trim().toLowerCase()))

const isIn = (list: ReadonlySet<string>, { key, name }: TableColumn) =>
  list.has(name.toLowerCase()) || list.has(key.toLowerCase())

/**
 * Tells the roles.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (candidates: ReadonlyArray<Candidate>, hints: Hints = noHints): Roles => {
  const measured = names(hints.measures)
  const grouped = names(hints.dimensions)
  const isMeasure = ({ column }: Candidate) =>
    column.kind === "number" && !isIn(grouped, column) && (isIn(measured, column) || !key.test(column.name))
  const isDate = ({ column, days }: Candidate) => column.kind === "date" || column.kind === "time" || days
  const isDimension = (candidate: Candidate) =>
    !isMeasure(candidate) && !isDate(candidate) && candidate.column.misfits === 0 && candidate.distinct > 0
  const columns = (chosen: ReadonlyArray<Candidate>) => chosen.map(({ column }) => column)
  // A column that tells all rows apart says little; one with a single value nothing.
  const worth = ({ column, distinct, values }: Candidate) =>
    (isIn(grouped, column) ? 0 : 2) + (distinct <= 1 ? 2 : distinct === values && values > 50 ? 1 : 0)
  const additiveFirst = (a: Candidate, b: Candidate) =>
    Number(isAdditive(b.column.name)) - Number(isAdditive(a.column.name))
  return {
    measures: columns(candidates.filter(isMeasure).sort(additiveFirst)),
    dimensions: columns(candidates.filter(isDimension).sort((a, b) => worth(a) - worth(b))),
    date: candidates.filter((candidate) => isDate(candidate) && candidate.distinct > 1)[0]?.column
  }
}

/**
 * What a clean room does to a result before anyone sees it: small groups are hidden, measures get noise.
 *
 * @since 0.1.0
 */
import * as Hash from "effect/Hash"
import * as Utils from "effect/Utils"
import type * as DuckDb from "../../duckdb/DuckDb.js"

/**
 * An output column that the question's author marked. `isIdentity`: counts people, so crowd size applies to it.
 * `noise`: data decibel applies to it. Names are matched without regard to case.
 *
 * @since 0.1.0
 * @category models
 */
export interface Measure {
  readonly name: string
  readonly isIdentity: boolean
  readonly noise: boolean
}

const columnOf = (columns: ReadonlyArray<DuckDb.ResultColumn>, measure: Measure) =>
  columns.find((column) => column.name.toLowerCase() === measure.name.toLowerCase())

/**
 * Leaves out the rows in which an identity measure is below the crowd size or is no number. Without a crowd size
 * nothing is hidden.
 *
 * @since 0.1.0
 * @category rules
 */
export const hideSmallCrowds = (
  result: DuckDb.Result,
  measures: ReadonlyArray<Measure>,
  crowdSize: number
): ReadonlyArray<DuckDb.Row> => {
  const counted = measures.filter((measure) => measure.isIdentity)
    .flatMap((measure) => columnOf(result.columns, measure) ?? [])
  return crowdSize <= 0
    ? result.rows
    : result.rows.filter((row) => counted.every(({ name }) => Number(row[name] ?? Number.NaN) >= crowdSize))
}

const wholeNumber = /INT/

const decimalPlaces = (type: string) => Number(/^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1] ?? Number.NaN)

/** Laplace-distributed with mean 0. */
const laplace = (random: Utils.PCGRandom, scale: number) => {
  const centred = random.number() - 0.5
  return -scale * Math.sign(centred) * Math.log(Math.max(1 - 2 * Math.abs(centred), Number.MIN_VALUE))
}

const print = (value: number, type: string) => {
  if (wholeNumber.test(type)) return String(Math.round(value))
  const places = decimalPlaces(type)
  return Number.isNaN(places) ? String(value) : value.toFixed(places)
}

const meanSize = (values: ReadonlyArray<number>) =>
  values.reduce((total, value) => total + Math.abs(value), 0) / Math.max(values.length, 1)

/** One more person moves a count by one whatever its size; other measures are moved in proportion. */
const scaleOf = (type: string, values: ReadonlyArray<number>, decibel: number) =>
  wholeNumber.test(type) ? decibel : meanSize(values) * decibel / 100

/**
 * Adds Laplacian noise to the measures that ask for it. The same seed and rows give the same noise.
 *
 * The scale is the data decibel for whole numbers, which stay whole, and that many percent of the column's mean size
 * for others. What was not negative does not become so. (Habu does not publish its scale; this one is a guess.)
 *
 * @since 0.1.0
 * @category rules
 */
export const addNoise = (
  columns: ReadonlyArray<DuckDb.ResultColumn>,
  rows: ReadonlyArray<DuckDb.Row>,
  measures: ReadonlyArray<Measure>,
  decibel: number,
  seed: string
): ReadonlyArray<DuckDb.Row> => {
  const noisy = decibel <= 0 ? [] : measures.filter((measure) => measure.noise)
    .flatMap((measure) => columnOf(columns, measure) ?? [])
  return noisy.reduce<ReadonlyArray<DuckDb.Row>>((current, { name, type }) => {
    const numbers = current.map((row) => Number(row[name] ?? Number.NaN))
    const scale = scaleOf(type, numbers.filter(Number.isFinite), decibel)
    const random = new Utils.PCGRandom(Hash.string(`${seed}/${name}`))
    return current.map((row, index) => {
      const value = numbers[index] ?? Number.NaN
      const moved = value + laplace(random, scale)
      return Number.isFinite(value) ? { ...row, [name]: print(value < 0 ? moved : Math.max(0, moved), type) } : row
    })
  }, rows)
}

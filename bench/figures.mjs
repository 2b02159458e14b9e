// How a benchmark tells what it measured: as a line for whoever runs it alone, and to `npm run bench` for its table.

const digits = (value) => Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
const spelled = (value, unit) => `${value.toFixed(Number.isInteger(value) ? 0 : digits(value))} ${unit}`.trim()

/**
 * Tells one figure. `against` is what else was measured in the same run, by its name and its value in the same unit;
 * the ratio is that of the two. An aim is a `most` or a `least`, of the ratio or, with `of: "value"`, of the value.
 */
export const figure = ({ aim, against, unit, value, what }) => {
  const ratio = against === undefined ? undefined : value / against.value
  const aimed = aim?.of === "value" ? value : ratio
  const isMissed = aim !== undefined && !(aim.most !== undefined ? aimed <= aim.most : aimed >= aim.least)
  const bound = aim === undefined
    ? ""
    : `${aim.most !== undefined ? "at most" : "at least"} ${
      aim.of === "value" ? spelled(aim.most ?? aim.least, unit) : Number((aim.most ?? aim.least).toFixed(2))
    }`
  const row = {
    what,
    measured: spelled(value, unit),
    against: against === undefined ? "" : `${against.what}, ${spelled(against.value, unit)}`,
    ratio: ratio === undefined ? "" : ratio.toFixed(2),
    aim: `${bound}${isMissed ? ", MISSED" : ""}`
  }
  if (process.send === undefined) {
    const ratioText = ratio === undefined ? "" : `; ${row.against}; ratio ${row.ratio}`
    console.log(`${what}: ${row.measured}${ratioText}${row.aim === "" ? "" : ` (aim: ${row.aim})`}`)
  } else process.send(row)
  if (isMissed) process.exitCode = 1
}

export const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(part * (values.length - 1))]

export const median = (values) => quantile(values, 0.5)

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Does something; gives the milliseconds it took and what it gave. */
export const timed = async (work) => {
  const begun = performance.now()
  const result = await work()
  return { millis: performance.now() - begun, result }
}

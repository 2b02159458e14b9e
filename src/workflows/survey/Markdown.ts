/**
 * Reports in Markdown. Another party's text stays text: it can make no heading, link, image or table.
 *
 * @since 0.1.0
 */

const special = /[\\`*_{}[\]<>#|!~]/g

/**
 * A text as Markdown that shows it as it is.
 *
 * @since 0.1.0
 * @category formatting
 */
export const text = (value: string): string => value.replace(special, "\\$&")

/**
 * A table; nothing where it has no rows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string | number | undefined>>
): ReadonlyArray<string> => {
  const line = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`
  return rows.length === 0
    ? []
    : [
      line(head),
      line(head.map(() => "---")),
      ...rows.map((row) => line(row.map((cell) => cell === undefined ? "–" : text(String(cell))))),
      ""
    ]
}

/**
 * A list; nothing where it has no items.
 *
 * @since 0.1.0
 * @category constructors
 */
export const list = (items: ReadonlyArray<string>): ReadonlyArray<string> =>
  items.length === 0 ? [] : [...items.map((item) => `- ${text(item)}`), ""]

/**
 * A section with its heading; nothing where it is empty.
 *
 * @since 0.1.0
 * @category constructors
 */
export const section = (heading: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [`## ${heading}`, "", ...lines]

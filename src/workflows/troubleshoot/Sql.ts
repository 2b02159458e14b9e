/**
 * What can be told from a question's SQL without running it: its macros, where its outputs come from, what it joins on.
 *
 * It is read by its look and not parsed: what is found is a reason to suspect, which the rest of the evidence carries.
 *
 * @since 0.1.0
 */

const bare = (sql: string) =>
  sql.replace(/--[^\n]*/g, " ").replace(/\/\*[\s\S]*?\*\//g, " ").replace(/'(?:[^']|'')*'/g, "''")

const last = (path: string) => path.split(".").at(-1)?.replace(/^@/, "").toLowerCase() ?? ""

/**
 * The macros that the SQL names, as it spells them; run parameters are written the same way and are among them.
 *
 * @since 0.1.0
 * @category getters
 */
export const macros = (sql: string): ReadonlyArray<string> => [
  ...new Set(Array.from(bare(sql).matchAll(/(?<![.\w@])@([A-Za-z_]\w*)/g), ([, name = ""]) => name))
]

/**
 * The fields that an output may be a plain copy of, its own name among them, lower case. Through a function it is none.
 *
 * @since 0.1.0
 * @category getters
 */
export const origins = (sql: string, output: string): ReadonlySet<string> => {
  const copies = Array.from(
    bare(sql).matchAll(/(?<![\w@.])([A-Za-z_@][\w@.]*)\s+AS\s+([A-Za-z_]\w*)/gi),
    ([, path = "", alias = ""]) => [last(path), alias.toLowerCase()] as const
  )
  const follow = (names: ReadonlySet<string>): ReadonlySet<string> => {
    const more = new Set([...names, ...copies.flatMap(([field, alias]) => names.has(alias) ? [field] : [])])
    return more.size === names.size ? names : follow(more)
  }
  return follow(new Set([output.toLowerCase()]))
}

/**
 * The pairs of fields that must be equal, lower case, without their tables.
 *
 * @since 0.1.0
 * @category getters
 */
export const equalities = (sql: string): ReadonlyArray<readonly [string, string]> =>
  Array.from(
    bare(sql).matchAll(/([A-Za-z_@][\w@]*\.[\w@.]+)\s*=\s*([A-Za-z_@][\w@]*\.[\w@.]+)/g),
    ([, left = "", right = ""]) => [last(left), last(right)] as const
  )

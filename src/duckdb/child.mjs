// A DuckDB in a process of its own. Some functions hold against neither an interrupt nor a memory limit, so whoever
// started this process may kill it at any moment, and it kills itself when it grows over its ceiling.
import { DuckDBInstance } from "@duckdb/node-api"

const watchEvery = 10

const watch = (ceiling) =>
  setInterval(() => {
    if (process.memoryUsage.rss() > ceiling) process.kill(process.pid, "SIGKILL")
  }, watchEvery)

let connection

const open = async ({ ceiling, setup }) => {
  watch(ceiling)
  connection = await (await DuckDBInstance.create(":memory:")).connect()
  for (const sql of setup) await connection.run(sql)
  return {}
}

const textOf = (value) => value === null || value === undefined ? null : String(value)

const query = async ({ maximumCharacters, maximumRows, parameters, sql }) => {
  const statement = await connection.prepare(sql)
  statement.bind(parameters)
  const result = await statement.stream()
  const names = result.deduplicatedColumnNames()
  const columns = names.map((name, index) => ({ name, type: String(result.columnType(index)) }))
  const rows = []
  let characters = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return { columns, rows, complete: true }
    for (const values of chunk.getRows()) {
      if (rows.length >= maximumRows || characters >= maximumCharacters) return { columns, rows, complete: false }
      const row = values.map(textOf)
      for (const text of row) characters += text?.length ?? 0
      rows.push(row)
    }
  }
}

const answer = (message) => message.open === undefined ? query(message.query) : open(message.open)

process.on("message", (message) => {
  answer(message).then(
    (value) => process.send({ value }),
    (error) => process.send({ error: String(error?.message ?? error) })
  )
})

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"))
